/**
 * The environment of a program that a test starts: nothing of this machine's user but the path, and the folder
 * of what is compiled already, without which most of a short program's time is compiling.
 */
export function childEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...more };
}

/** The files of Node where the program runs on it. */

/**
 * Asks the platform for the module and does not import it: a bundler for browsers has none of that name, and fails.
 * Gives `undefined` where there are no files.
 */
export function nodeFiles(): typeof import("node:fs/promises") | undefined {
  const { process } = globalThis as { readonly process?: Partial<Pick<NodeJS.Process, "getBuiltinModule">> };
  return process?.getBuiltinModule?.("node:fs/promises");
}

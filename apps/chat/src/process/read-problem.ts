/** Why a file cannot be read, as a clause for who named it. */
export function readProblem({ code, message }: NodeJS.ErrnoException): string {
  return (code !== undefined && PROBLEMS[code]) || `it cannot be read (${code ?? message})`;
}

const PROBLEMS: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
};

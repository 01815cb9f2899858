/** Which files of a folder are left out: generated code, and what ignore files name. */
import ignore, { type Ignore } from "ignore";

const FOLDERS: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "dist",
  "coverage",
  ".turbo",
  "__pycache__",
  ".venv",
  ".cache",
  ".npm",
  ".pnpm-store",
]);
const LOCKS: ReadonlySet<string> = new Set(["pnpm-lock.yaml", "package-lock.json", "yarn.lock"]);

/** Tells whether a file or folder of this name is left out wherever it stands. */
export function isSkippedName(name: string): boolean {
  return FOLDERS.has(name) || LOCKS.has(name);
}

/** The ignore files: git's own and ours, both in git's syntax. The later file decides. */
export const IGNORE_FILES: readonly string[] = [".gitignore", ".orchignore"];

/** The rules of one ignore file, and the folder they hold in. */
export interface IgnoreRules {
  /** Relative to the root, with `/` at its end; empty for the root itself. */
  readonly folder: string;
  readonly rules: Ignore;
}

/** Reads the text of the ignore file that stands in `folder`. */
export function ignoreRules(folder: string, text: string): IgnoreRules {
  return { folder, rules: ignore().add(text) };
}

/** Tells whether the rules leave out `path`. A deeper file's rules go before those above it. Folders end in `/`. */
export function isIgnored(path: string, stack: readonly IgnoreRules[]): boolean {
  let ignored = false;
  for (const { folder, rules } of stack) {
    const verdict = rules.test(path.slice(folder.length));
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

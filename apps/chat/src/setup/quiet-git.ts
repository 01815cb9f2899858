/** Reads from git without running a program that the settings of a repository name. */
import type { Programs } from "../process/programs.ts";

/** Settings by which git would start another program, or leave the repository. */
const QUIET = [
  "--no-pager",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.quotePath=false",
  "-c",
  "diff.external=",
];
const DIFF = ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all"];

/** What git writes in `folder`; `undefined` where it fails, and where it is not known which programs it would start. */
export async function quietGit(
  args: readonly string[],
  folder: string,
  programs: Programs,
): Promise<string | undefined> {
  const [command = "", ...rest] = args;
  const filters = await filtersOff(folder, programs);
  if (filters === undefined) return undefined;
  const more = command === "diff" ? DIFF : [];
  return programs.read("git", [...QUIET, ...filters, command, ...more, ...rest], folder);
}

/** Takes the programs out by which the repository itself lets files be filtered; those of the user stay. */
async function filtersOff(folder: string, programs: Programs): Promise<readonly string[] | undefined> {
  const list = ["config", "--show-scope", "--name-only", "-z", "--list"];
  const told = await programs.read("git", [...QUIET, ...list], folder);
  if (told === undefined) return undefined;
  // Scope and name follow each other: local, core.bare, local, filter.lfs.clean.
  const parts = told.split("\0");
  const named = parts.filter((name, at) => {
    const own = parts[at - 1] === "local" || parts[at - 1] === "worktree";
    return own && /^filter\..*\.(?:clean|smudge|process|required)$/s.test(name);
  });
  // The command line ends a name at its first equals sign, so such a filter cannot be taken out.
  if (named.some((name) => name.includes("="))) return undefined;
  return named.flatMap((name) => ["-c", `${name}=${name.endsWith(".required") ? "false" : ""}`]);
}

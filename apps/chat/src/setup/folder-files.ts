/** The files of a folder that a message may name. */
import { textFolder } from "@orch/agents/files";
import type { Programs } from "../process/programs.ts";

/**
 * What git knows of the folder and what it does not ignore, or else the text files of the folder. Relative paths; names
 * with control characters are left out.
 */
export async function folderFiles(folder: string, programs: Programs): Promise<readonly string[]> {
  // The settings of a repository may name a program to run with each listing. None is run.
  const quiet = ["-c", "core.fsmonitor=false"];
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const told = await programs.read("git", [...quiet, ...list], folder);
  const names =
    told === undefined
      ? (await textFolder({ root: folder }).list()).files.map(({ path }) => path)
      : told.split("\0");
  return [...new Set(names)].filter((name) => name !== "" && !/\p{Cc}/u.test(name)).sort();
}

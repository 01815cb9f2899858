/** Whether a project can be made in a folder. */
import { readdir } from "node:fs/promises";
import { basename } from "node:path";

/** What npm and git bring along in a folder that counts as empty. */
const HARMLESS = new Set([".git", ".DS_Store", "Thumbs.db"]);

/** What is wrong with the folder, as a sentence; `undefined` where nothing is. */
export async function folderProblem(folder: string): Promise<string | undefined> {
  const name = basename(folder);
  if (!isPackageName(name)) {
    const better = packageNameOf(name);
    const advice = better === "" ? "take small letters, digits and -" : `try ${JSON.stringify(better)}`;
    return `${JSON.stringify(name)} cannot be the name of a package: ${advice}.`;
  }
  let found: readonly string[];
  try {
    found = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR") return `${folder} is a file: name another folder.`;
    return `${folder} cannot be read (${code}): name another folder.`;
  }
  const full = found.filter((one) => !HARMLESS.has(one));
  if (full.length === 0) return undefined;
  return `${folder} is not empty (${full.slice(0, 3).join(", ")}): name another folder, or empty this one.`;
}

/** Whether npm takes the name for a new package without a scope. */
function isPackageName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,213}$/.test(name) && name !== "node_modules";
}

/** A name that npm takes, as near to the text as can be; may be empty. */
function packageNameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 214);
}

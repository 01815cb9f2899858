/** Whether a path stays in a folder: by its words, and by where its links lead. */
import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";

/** Whether `path` is a place below `root`, by its words. Both are absolute. */
export function isInside(root: string, path: string): boolean {
  const from = relative(root, path);
  return from !== "" && from !== ".." && !from.startsWith(`..${sep}`) && resolve(root, from) === path;
}

/**
 * Whether `path` reads like a place in `folder` and is one elsewhere, because of a link on its way: whoever made the folder
 * decides where that leads. A path that says itself that it is elsewhere was chosen by who typed it.
 */
export async function leadsElsewhere(folder: string, path: string): Promise<boolean> {
  const root = await realpath(folder);
  const said = resolve(folder, path);
  if (!isInside(folder, said) && !isInside(root, said)) return false;
  const real = await realpath(said).catch(() => undefined);
  return real !== undefined && real !== root && !isInside(root, real);
}

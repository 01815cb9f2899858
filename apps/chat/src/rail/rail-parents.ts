/** The entries around an entry. */
import { MAX_ROWS, type RailEntry } from "./rail-entry.ts";

/** The nearest activation whose path this one's begins with. */
export function parentOf<TEntry>(entries: ReadonlyMap<string, TEntry>, path: string): TEntry | undefined {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    const outer = path.slice(0, at);
    const bracket = outer.endsWith("]") ? outer.lastIndexOf("[") : -1;
    const found = entries.get(outer) ?? (bracket > 0 ? entries.get(outer.slice(0, bracket)) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an entry is in a branch of a fan-out that is too wide to show its branches. */
export function isInsideWide(entries: ReadonlyMap<string, RailEntry>, entry: RailEntry | undefined): boolean {
  let at = entry;
  while (at?.parent !== undefined) {
    const parent = entries.get(at.parent);
    if (at.lane && parent !== undefined && parent.branches > MAX_ROWS) return true;
    at = parent;
  }
  return false;
}

/** How many entries are around one; `parent` is the innermost of them. */
export function depthOf(entries: ReadonlyMap<string, RailEntry>, parent: RailEntry | undefined): number {
  let depth = 0;
  let at = parent;
  while (at !== undefined) {
    depth++;
    at = at.parent === undefined ? undefined : entries.get(at.parent);
  }
  return depth;
}

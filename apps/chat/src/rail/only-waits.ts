import { MAX_GRID, type RailEntry, type RailState } from "./rail-entry.ts";
import { hasLanes, STATE_INSIDES } from "./state-insides.ts";

/** Whether nothing of a run works, because all of it waits for a person. */
export function onlyWaits({ entries }: RailState): boolean {
  const open = [...entries.values()].filter(({ endedAt }) => endedAt === undefined);
  const busy = new Set(open.map(({ parent }) => parent));
  return open.length > 0 && open.every((entry) => entry.status === "waiting" || isAround(entry, busy));
}

/** Whether an activation only holds others that are open. Of a wide fan-out not every branch is known. */
function isAround(entry: RailEntry, busy: ReadonlySet<string | undefined>): boolean {
  const { kind, path, branches } = entry;
  if (hasLanes(kind) && branches > MAX_GRID) return false;
  return STATE_INSIDES[kind] !== "nothing" && busy.has(path);
}

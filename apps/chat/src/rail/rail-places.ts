/** The places of a definition: what the activations of one state have in common, whatever visit and branch of a list they are. */
import type { GraphNode } from "@orch/core/draw";
import type { RailState, RailStatus } from "./rail-entry.ts";

/** The place of an activation: `both[x]/inner/a` for `outer/both#1[x]/inner#2/a#1`, and the same for each branch of a list. */
export function placeOf(path: string): string {
  return path.slice(path.indexOf("/") + 1).replaceAll(/#\d+|\[\d+\]/g, "");
}

/** Begins a visit of a place. With `anew` nothing is done inside of it yet; branches of a list share what is inside. */
export function enterPlace(places: Map<string, RailStatus>, place: string, anew: boolean): void {
  places.set(place, "running");
  if (!anew) return;
  for (const key of places.keys())
    if (key.startsWith(`${place}/`) || key.startsWith(`${place}[`)) places.delete(key);
}

/** The place of a branch in the graph, in the words of `placeOf`. `place` is that of the state it is in. */
export function branchPlace(
  place: string,
  { key, id }: { readonly key: string; readonly id: string },
): string {
  return /^\d+$/.test(key) ? `${place}/${id}` : `${place}[${key}]/${id}`;
}

/** The place of the only branch of a list. */
export function listPlace(place: string, { id }: Pick<GraphNode, "id">): string {
  return `${place}/${id}`;
}

/** What is more important where several activations of one place are open. */
const FIRST: readonly RailStatus[] = ["running", "retrying", "waiting"];

/** How each place is doing: as its open activations are, or as its last one ended. */
export function placesNow(state: RailState): ReadonlyMap<string, RailStatus> {
  const places = new Map(state.places);
  const open = new Map<string, RailStatus>();
  for (const { path, status, endedAt } of state.entries.values()) {
    if (endedAt !== undefined) continue;
    const place = placeOf(path);
    const other = open.get(place);
    if (other === undefined || FIRST.indexOf(status) > FIRST.indexOf(other)) open.set(place, status);
  }
  for (const [place, status] of open) places.set(place, status);
  return places;
}

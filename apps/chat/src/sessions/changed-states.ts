/** What became of the states of an orchestration whose files were edited. */
import type { Graph, GraphInside } from "@orch/core";

/** States by their places, like `research/report`. */
export interface ChangedStates {
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** Something else is made of them under their ids. */
  readonly altered: readonly string[];
}

/** Compares two graphs, state by state. */
export function changedStates(before: Graph, now: Graph): ChangedStates {
  const [old, present] = [kindsIn(before), kindsIn(now)];
  return {
    gone: [...old.keys()].filter((place) => !present.has(place)),
    added: [...present.keys()].filter((place) => !old.has(place)),
    altered: [...present].flatMap(([place, kind]) => ((old.get(place) ?? kind) === kind ? [] : [place])),
  };
}

/** The kind of each state, by its place below the orchestration. */
function kindsIn({ nodes }: Graph): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  const walk = (place: string, inside: GraphInside): void => {
    kinds.set(place, inside.kind);
    for (const node of inside.graph?.nodes ?? []) walk(`${place}/${node.id}`, node);
    for (const branch of inside.branches ?? []) {
      walk(inside.kind === "choose" ? `${place}/${branch.id}` : `${place}[${branch.key}]`, branch);
    }
  };
  for (const node of nodes) walk(node.id, node);
  return kinds;
}

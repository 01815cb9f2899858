/** A graph from what a run did, where its definition is not at hand: the states that were reached, and the ways that were asked about. */
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import type { RunRecord } from "./run-record.ts";

/** The kinds of states that wait, and have no inside. */
const WAITS: ReadonlySet<string | undefined> = new Set(["question", "sleep", "until"]);

/** Makes the graph of the run itself, without what is inside its states. */
export function graphOfRun({ orchestration, steps, status }: RunRecord): Graph {
  const states = steps.flatMap((step) => (step.type === "state" ? [step] : []));
  const moves = steps.flatMap((step) => (step.type === "move" ? [step] : []));
  const kinds = new Map(states.map(({ state, kind }) => [state, kind]));
  const ids = new Set(states.map(({ state }) => state));
  for (const { to, advancers } of moves)
    for (const each of [to, ...advancers.map(({ to }) => to)]) ids.add(each);
  const last = status === "done" ? states.at(-1)?.state : undefined;
  const nodes = [...ids].map(
    (id): GraphNode => ({
      id,
      // The inside is not known, and a composite without one cannot be drawn.
      kind: WAITS.has(kinds.get(id)) ? kinds.get(id)! : "runnable",
      start: id === states[0]?.state,
      finish: id === last,
    }),
  );
  const edges = new Map<string, GraphEdge>();
  for (const { from, cause, advancers } of moves) {
    const kind = cause === "error" ? "catch" : "advance";
    for (const [place, { to, label, conditional }] of advancers.entries())
      edges.set(JSON.stringify([from, to, kind, place]), {
        ...{ from, to, kind, place, conditional, converts: false },
        ...(label !== undefined && { label }),
      });
  }
  return { id: orchestration, nodes, edges: [...edges.values()] };
}

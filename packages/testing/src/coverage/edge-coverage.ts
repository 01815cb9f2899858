import type { Graph, Orchestration, OrchestrationEvent } from "@orch/core";

/** One advancer of an orchestration or of one nested in it, and how often it was taken. */
export interface CoveredEdge {
  /** The id of the orchestration it belongs to. */
  readonly orchestration: string;
  readonly from: string;
  readonly to: string;
  /** What moves along it: an output or a failure. */
  readonly kind: "advance" | "catch";
  readonly label?: string;
  readonly taken: number;
}

/** Counts which advancers were taken. */
export interface EdgeCoverage {
  /** Takes an event of a run; only transitions count. */
  readonly hear: (event: OrchestrationEvent) => void;
  /** Every advancer, in the order of the definition. An advancer with several targets appears once per target. */
  readonly edges: () => readonly CoveredEdge[];
  /** The advancers that were never taken. */
  readonly missing: () => readonly CoveredEdge[];
  /** The missing advancers line by line, under how many there are. */
  readonly text: () => string;
}

interface Counter extends CoveredEdge {
  readonly place: number;
  taken: number;
}

/**
 * Finds the advancers that no test ever took, of an orchestration and of all that are nested in it.
 * What `choose` makes while a run is under way is not known beforehand, and is left out.
 *
 * @example
 * ```ts
 * const coverage = edgeCoverage(research);
 * research.on("state.transition", coverage.hear);
 * // ... run it in all the ways the tests know, and then:
 * expect(coverage.missing(), coverage.text()).toEqual([]);
 * ```
 */
export function edgeCoverage(orchestration: Orchestration<never, unknown>): EdgeCoverage {
  const machines = machinesOf(orchestration.graph);
  const edges = (): Counter[] => [...new Set(machines.values())].flat();
  const missing = (): Counter[] => edges().filter(({ taken }) => taken === 0);
  return {
    hear: (event) => {
      if (event.type !== "state.transition" || event.cause === "rerun") return;
      const { from, to, cause, advancers } = event;
      const kind = cause === "output" ? "advance" : "catch";
      const place = advancers.findIndex(({ verdict }) => verdict === "taken");
      const counter = machines
        .get(machineAround(event.path))
        ?.find((one) => one.from === from && one.to === to && one.kind === kind && one.place === place);
      if (counter !== undefined) counter.taken += 1;
    },
    edges: () => edges().map(publicEdge),
    missing: () => missing().map(publicEdge),
    text: () => {
      const never = missing();
      const head = `${edges().length - never.length} of ${edges().length} advancers of "${orchestration.id}" were taken`;
      return [head, ...never.map((edge) => `  never: ${nameOf(edge)}`)].join("\n");
    },
  };
}

function publicEdge({ place: _place, ...edge }: Counter): CoveredEdge {
  return edge;
}

function nameOf({ orchestration, from, to, kind, label }: CoveredEdge): string {
  const why = [kind === "catch" ? "catch" : undefined, label].filter((part) => part !== undefined).join(", ");
  return `${orchestration}: ${from} -> ${to}${why === "" ? "" : ` (${why})`}`;
}

/** The advancers of every machine, by its path without visits and branch keys; one machine in many places is counted once. */
function machinesOf(root: Graph): Map<string, Counter[]> {
  const found = new Map<string, Counter[]>();
  const known = new Map<string, Counter[]>();
  const enter = (graph: Graph, path: string): void => {
    const text = JSON.stringify(graph);
    const counters = known.get(text) ?? countersOf(graph);
    known.set(text, counters);
    found.set(path, counters);
    for (const node of graph.nodes) look(node, `${path}/${node.id}`);
  };
  const look = (inside: Inside, path: string): void => {
    if (inside.graph !== undefined) enter(inside.graph, path);
    for (const branch of inside.branches ?? []) look(branch, `${path}[]/${branch.id}`);
  };
  enter(root, root.id);
  return found;
}

type Inside = Pick<Graph["nodes"][number], "graph" | "branches">;

function countersOf({ id, edges }: Graph): Counter[] {
  return edges.map(({ from, to, kind, label, place }) => ({
    orchestration: id,
    from,
    to,
    kind,
    ...(label === undefined ? {} : { label }),
    place,
    taken: 0,
  }));
}

/** The path of the machine around an activation. */
function machineAround(path: string): string {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "[]").replaceAll(/#\d+/g, "");
  return plain.slice(0, plain.lastIndexOf("/"));
}

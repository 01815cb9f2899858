import type { Graph, Orchestration, OrchestrationEvent } from "@orch/core";

/** One advancer of an orchestration or of one nested in it, or one candidate of a `choose`, and how often it was taken. */
export interface CoveredEdge {
  /** The id of the orchestration it belongs to. */
  readonly orchestration: string;
  readonly from: string;
  readonly to: string;
  /** What moves along it: an output or a failure; or that it leads from a choice to a candidate. */
  readonly kind: "advance" | "catch" | "choose";
  readonly label?: string;
  readonly taken: number;
}

/** Counts which advancers were taken. */
export interface EdgeCoverage {
  /** Takes an event of a run; only transitions and the states that a choice enters count. */
  readonly hear: (event: OrchestrationEvent) => void;
  /** Every advancer and candidate, in the order of the definition. An advancer with several targets appears once per target. */
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
 * The named candidates of `choose` count too, each as a way from the choice. What a factory makes while a run is under way is
 * not known beforehand, and is left out.
 *
 * @example
 * ```ts
 * const coverage = edgeCoverage(research);
 * research.on("*", coverage.hear);
 * // ... run it in all the ways the tests know, and then:
 * expect(coverage.missing(), coverage.text()).toEqual([]);
 * ```
 */
export function edgeCoverage(orchestration: Orchestration<never, unknown>): EdgeCoverage {
  const { machines, choices } = countersIn(orchestration.graph);
  const edges = (): Counter[] => [...new Set([...machines.values(), ...choices.values()])].flat();
  const missing = (): Counter[] => edges().filter(({ taken }) => taken === 0);
  return {
    hear: (event) => {
      if (event.type === "state.started") {
        const counter = choices.get(machineAround(event.path))?.find(({ to }) => to === event.state);
        if (counter !== undefined && event.again !== true) counter.taken += 1;
      }
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
  const why = [kind === "advance" ? undefined : kind, label].filter((part) => part !== undefined).join(", ");
  return `${orchestration}: ${from} -> ${to}${why === "" ? "" : ` (${why})`}`;
}

/** The counters of machines and of choices, by their paths without visits and branch keys. */
interface Counters {
  readonly machines: ReadonlyMap<string, Counter[]>;
  readonly choices: ReadonlyMap<string, Counter[]>;
}

/** The advancers of every machine, and the candidates of every choice; one machine in many places is counted once. */
function countersIn(root: Graph): Counters {
  const found = new Map<string, Counter[]>();
  const choices = new Map<string, Counter[]>();
  const known = new Map<string, Counter[]>();
  const enter = (graph: Graph, path: string): void => {
    const text = JSON.stringify(graph);
    const counters = known.get(text) ?? countersOf(graph);
    known.set(text, counters);
    found.set(path, counters);
    for (const node of graph.nodes) look(graph.id, node, `${path}/${node.id}`);
  };
  const look = (orchestration: string, inside: Inside, path: string): void => {
    if (inside.graph !== undefined) enter(inside.graph, path);
    const { branches = [] } = inside;
    const isChoice = inside.kind === "choose";
    if (isChoice && branches.length > 0) {
      const text = JSON.stringify([orchestration, inside]);
      const counters = known.get(text) ?? branches.map(({ id }) => candidateOf(orchestration, path, id));
      known.set(text, counters);
      choices.set(path, counters);
    }
    for (const branch of branches)
      look(orchestration, branch, isChoice ? `${path}/${branch.id}` : `${path}[]/${branch.id}`);
  };
  enter(root, root.id);
  return { machines: found, choices };
}

function candidateOf(orchestration: string, path: string, to: string): Counter {
  const from = path.slice(path.lastIndexOf("/") + 1);
  return { orchestration, from, to, kind: "choose", place: 0, taken: 0 };
}

type Inside = Pick<Graph["nodes"][number], "kind" | "graph" | "branches">;

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

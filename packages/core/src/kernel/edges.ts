/** The edges of a state: which one is taken, where it leads, and what moves along it. The only place where the callbacks of edges are called. */
import type { ConversionFacts } from "../errors/conversion-error.ts";
import { given } from "../platform/given.ts";
import type { EdgePlace } from "../words/dossier.ts";
import type { AdvancerVerdict } from "../words/events.ts";
import type { Activation } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import { type Edge, namesOf, type StateRecord } from "./definition.ts";
import type { MachineFrame } from "./machine-frame.ts";

/** The edge number when no edge was taken. */
export const NONE = -1;

/** The place of the first edge that holds. A loop, because a closure per step costs a fifth of it. */
export function firstThatHolds(
  frame: MachineFrame,
  edges: readonly Edge[],
  value: unknown,
  child: Activation,
): number {
  for (let place = 0; place < edges.length; place++) {
    const edge = edges[place]!;
    if (edge.when === undefined || ask(frame, edge, edge.when, value, child)) return place;
  }
  return NONE;
}

/** The state that an edge leads to. */
export function targetOf(frame: MachineFrame, edge: Edge, value: unknown, child: Activation): StateRecord {
  return edge.choose === undefined
    ? frame.definition.states[edge.targets[0]!]!
    : chosenTarget(frame, edge, edge.choose, value, child);
}

function chosenTarget(
  frame: MachineFrame,
  edge: Edge,
  choose: NonNullable<Edge["choose"]>,
  value: unknown,
  child: Activation,
): StateRecord {
  const { states, id } = frame.definition;
  const { targets } = edge;
  const chosen = ask(frame, edge, choose, value, child);
  const target = targets.find((index) => states[index]!.runnable.source === chosen);
  if (target !== undefined && states[target]!.maker === undefined) return states[target]!;
  for (const index of targets) {
    const made = states[index]!.maker?.made(states[index]!, chosen);
    if (made !== undefined) return made;
  }
  throw child.runnable.errors.undeclaredTarget({
    orchestration: id,
    from: frame.current.id,
    given: chosen?.id ?? String(chosen),
    declared: targets.map((index) => states[index]!.id),
  });
}

/** Calls the condition of an edge, or its choice of a target. */
function ask<TSaid>(
  frame: MachineFrame,
  edge: Edge,
  callback: (value: unknown, input: unknown, place: EdgePlace) => TSaid,
  value: unknown,
  child: Activation,
): TSaid {
  try {
    return atOnce(callback(value, child.input, child));
  } catch (cause) {
    const facts = edgeFacts(frame, namesOf(frame.definition.states, edge), child);
    throw child.runnable.errors.condition(facts, cause, failureOn(edge, value));
  }
}

/** What a conversion gives, or what is added to a dossier. */
export function madeBy(
  make: NonNullable<Edge["convert"]>,
  frame: MachineFrame,
  edge: Edge,
  target: StateRecord,
  value: unknown,
  child: Activation,
): unknown {
  try {
    return atOnce(make(value, child.input, child));
  } catch (cause) {
    throw child.runnable.errors.conversion(edgeFacts(frame, target.id, child), cause, failureOn(edge, value));
  }
}

/** What an edge for failures was asked about. */
function failureOn({ cause }: Edge, value: unknown): Error | undefined {
  return cause === "error" ? (value as Error) : undefined;
}

function edgeFacts({ definition, current }: MachineFrame, to: string, { path }: Activation): ConversionFacts {
  return { orchestration: definition.id, from: current.id, to, path };
}

/** The verdict lists of each list of advancers. There are few different ones, so each is made once. */
const said = new WeakMap<readonly Edge[], (readonly AdvancerVerdict[])[]>();

/** The verdict of each advancer. The advancer at `place` was taken, so later ones were not asked. */
export function verdicts(
  frame: MachineFrame,
  edges: readonly Edge[],
  place: number,
): readonly AdvancerVerdict[] {
  const end = place === NONE ? edges.length : place;
  let rows = said.get(edges);
  if (rows === undefined) {
    rows = [];
    said.set(edges, rows);
  }
  rows[end] ??= Object.freeze(
    edges.map((edge, index) =>
      Object.freeze({
        to: namesOf(frame.definition.states, edge),
        ...given({ label: edge.label }),
        verdict: index < end ? "declined" : index === end ? "taken" : "not-asked",
        conditional: edge.when !== undefined,
      }),
    ),
  );
  return rows[end];
}

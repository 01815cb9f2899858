/** The part of the transition that moves a machine from state to state. */

import { ConditionError } from "../errors/condition-error.ts";
import { ConversionError, type ConversionFacts } from "../errors/conversion-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { cycleOf, MaxStepsError } from "../errors/max-steps-error.ts";
import { MaxVisitsError } from "../errors/max-visits-error.ts";
import { NoAdvanceError, shapeOf } from "../errors/no-advance-error.ts";
import { UndeclaredTargetError } from "../errors/undeclared-target-error.ts";
import { given } from "../platform/given.ts";
import type { AdvancerVerdict } from "../words/events.ts";
import { Activation, type Ended, type Frame } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import type { Decision, MoveDecision } from "./decisions.ts";
import { type Definition, type Edge, namesOf, type StateRecord } from "./definition.ts";
import type { OpenNode } from "./node.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** An orchestration. */
export interface MachineNode extends OpenNode {
  readonly definition: Definition;
}

/** How far a machine is. */
export interface MachineFrame extends Frame {
  readonly machine: Activation;
  readonly definition: Definition;
  /** By state number. */
  readonly visits: number[];
  steps: number;
  current: StateRecord;
  child: Activation | undefined;
  /** The states visited last, kept only when the limit is near. */
  last: string[] | undefined;
  /** How often the current state was entered again because no advancer took its output. */
  reruns: number;
  /** Tokens and money spent in it, counted only where there is a budget. */
  spent: Spent | undefined;
}

/** Tokens and money. */
export interface Spent {
  tokens: number;
  cost: number;
}

/** How far the machine is that this activation is one visit of; `undefined` for any other. */
export function machineOf({ node, frame }: Activation): MachineFrame | undefined {
  return node?.kind === "orchestration" ? (frame as MachineFrame | undefined) : undefined;
}

/** How many states before the limit the machine starts to remember its way. */
const REMEMBERED = 64;

/** Enters a machine's first state. */
export function openMachine(machine: Activation, sink: Sink): Ended | undefined {
  const { definition } = machine.node as MachineNode;
  const first = definition.states[definition.start]!;
  const frame: MachineFrame = {
    machine,
    definition,
    visits: definition.unvisited.slice(),
    steps: 0,
    current: first,
    child: undefined,
    last: undefined,
    reruns: 0,
    spent: undefined,
    closing: undefined,
  };
  machine.frame = frame;
  if (definition.deadline !== undefined) sink.timer(machine, definition.deadline, "deadline");
  return goOn(frame, visit(frame, first, machine.input), sink);
}

/** Goes on from a state that ended. */
export function continueMachine(
  machine: Activation,
  child: Activation,
  ended: Ended,
  sink: Sink,
): Ended | undefined {
  const frame = machine.frame as MachineFrame;
  return goOn(frame, advance(frame, child, ended, sink), sink);
}

/** Enters states, until one has to be waited for or the machine ends. */
function goOn(frame: MachineFrame, first: Activation | Ended, sink: Sink): Ended | undefined {
  let next = first;
  while (next instanceof Activation) {
    const ended = enter(next, sink);
    if (ended === undefined) return undefined;
    leave(next, ended, sink);
    next = advance(frame, next, ended, sink);
  }
  return next;
}

/** The next state to enter, or how the machine ends. */
function advance(frame: MachineFrame, child: Activation, ended: Ended, sink: Sink): Activation | Ended {
  const { machine, current } = frame;
  frame.child = undefined;
  // What ends as cancelled does so because something around the machine was stopped, and the machine with it.
  if (ended.kind === "cancelled" || machine.reason !== undefined) {
    return frame.closing ?? { kind: "cancelled", error: machine.reason! };
  }
  const { decisions } = sink;
  const recalled = decisions?.recall();
  if (recalled !== undefined) return follow(frame, child, ended, recalled, sink);
  try {
    const edges = ended.kind === "completed" ? current.advancers : current.catches;
    const value = ended.kind === "completed" ? ended.value : ended.error;
    const place = firstThatHolds(frame, edges, value, child);
    if (place === NONE) return stay(frame, child, ended, sink);
    const edge = edges[place]!;
    const target = targetOf(frame, edge, value, child);
    const input = convert(frame, edge, target, value, child);
    if (decisions === undefined) return move(frame, child, edges, place, target, input, sink);
    const decision: MoveDecision =
      edge.convert === undefined ? [place, target.index] : [place, target.index, input];
    decisions.admit(decision, current.id, target.id);
    const next = move(frame, child, edges, place, target, input, sink);
    decisions.note(decision);
    return next;
  } catch (error) {
    decisions?.note({ error: error as Error });
    return { kind: "failed", error: error as Error };
  }
}

/** For the place of an edge where none was taken. */
const NONE = -1;

/** The place of the first edge that holds. A loop, because a closure per step costs a fifth of it. */
function firstThatHolds(
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

/** Does what was decided when this end was first taken; nothing of the user's is called. */
function follow(
  frame: MachineFrame,
  child: Activation,
  ended: Exclude<Ended, { readonly kind: "cancelled" }>,
  decision: Decision,
  sink: Sink,
): Activation | Ended {
  const { current, definition } = frame;
  const completed = ended.kind === "completed";
  if (decision === "again") return again(frame, child, sink);
  if (Array.isArray(decision)) {
    const edges = completed ? current.advancers : current.catches;
    const [place, index] = decision as unknown as MoveDecision;
    const target = definition.states[index];
    if (edges[place] !== undefined && target !== undefined) {
      const input = decision.length === 3 ? decision[2] : completed ? ended.value : ended.error;
      return move(frame, child, edges, place, target, input, sink);
    }
  }
  if (typeof decision === "object" && "error" in decision) return { kind: "failed", error: decision.error };
  if (decision === "end" && (!completed || current.finishes)) return ended;
  throw new FatalError(`"${current.id}" cannot do any more what it did when this was recorded.`);
}

/** Takes an edge. */
function move(
  frame: MachineFrame,
  child: Activation,
  edges: readonly Edge[],
  place: number,
  target: StateRecord,
  input: unknown,
  sink: Sink,
): Activation {
  countStep(frame);
  const next = visit(frame, target, input);
  if (sink.recorder !== undefined) {
    sink.recorder.moved(child, target.id, edges[place]!.cause, verdicts(frame, edges, place));
  }
  frame.current = target;
  frame.reruns = 0;
  return next;
}

/** Enters the current state again. */
function again(frame: MachineFrame, child: Activation, sink: Sink): Activation {
  const { current } = frame;
  countStep(frame);
  const next = visit(frame, current, child.input);
  sink.recorder?.moved(child, current.id, "rerun", verdicts(frame, current.advancers, NONE));
  frame.reruns += 1;
  return next;
}

/** No edge was taken: the machine finishes here, fails with its state, tries it again, or is stuck. */
function stay(frame: MachineFrame, child: Activation, ended: Ended, sink: Sink): Activation | Ended {
  const { current, definition } = frame;
  if (ended.kind !== "completed" || current.finishes) {
    sink.decisions?.note("end");
    return ended;
  }
  if (frame.reruns + 1 < (current.runnable.rerun?.attempts ?? 1)) {
    const next = again(frame, child, sink);
    sink.decisions?.note("again");
    return next;
  }
  throw new NoAdvanceError({
    orchestration: definition.id,
    runnable: current.id,
    path: child.path,
    tried: verdicts(frame, current.advancers, NONE),
    output: shapeOf(ended.value),
  });
}

/** Enters a state from the current one. */
function visit(frame: MachineFrame, { index, id, runnable }: StateRecord, input: unknown): Activation {
  const { machine, visits } = frame;
  const count = visits[index]! + 1;
  const { maxVisits } = runnable;
  if (maxVisits !== undefined && count > maxVisits) throw tooManyVisits(frame, id, maxVisits);
  visits[index] = count;
  const child = new Activation(machine, runnable, input, count);
  frame.child = child;
  return child;
}

function tooManyVisits({ definition, machine, current }: MachineFrame, id: string, maxVisits: number): Error {
  const facts = { orchestration: definition.id, runnable: id, path: machine.path };
  return new MaxVisitsError({ ...facts, maxVisits, from: current.id });
}

function countStep(frame: MachineFrame): void {
  frame.steps += 1;
  if (frame.steps > frame.definition.maxSteps - REMEMBERED) remember(frame);
}

/** Remembers a state near the limit. @throws MaxStepsError past it. */
function remember(frame: MachineFrame): void {
  const { maxSteps, id } = frame.definition;
  frame.last ??= [];
  frame.last.push(frame.current.id);
  if (frame.steps <= maxSteps) return;
  const { last } = frame;
  const facts = { orchestration: id, path: frame.machine.path, maxSteps, last: last.slice(-8) };
  throw new MaxStepsError({ ...facts, ...given({ cycle: cycleOf(last) }) });
}

function targetOf(frame: MachineFrame, edge: Edge, value: unknown, child: Activation): StateRecord {
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
  if (target !== undefined) return states[target]!;
  throw new UndeclaredTargetError({
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
  callback: (value: unknown, input: unknown) => TSaid,
  value: unknown,
  child: Activation,
): TSaid {
  try {
    return atOnce(callback(value, child.input));
  } catch (cause) {
    throw new ConditionError(edgeFacts(frame, namesOf(frame.definition.states, edge), child), cause);
  }
}

function convert(
  frame: MachineFrame,
  edge: Edge,
  target: StateRecord,
  value: unknown,
  child: Activation,
): unknown {
  if (edge.convert === undefined) return value;
  try {
    return atOnce(edge.convert(value, child.input));
  } catch (cause) {
    throw new ConversionError(edgeFacts(frame, target.id, child), cause);
  }
}

function edgeFacts({ definition, current }: MachineFrame, to: string, { path }: Activation): ConversionFacts {
  return { orchestration: definition.id, from: current.id, to, path };
}

/** What was said is one of few things for each list of advancers, and is made once. */
const said = new WeakMap<readonly Edge[], (readonly AdvancerVerdict[])[]>();

/** What each advancer said; the one at `place` ended the asking. */
function verdicts(frame: MachineFrame, edges: readonly Edge[], place: number): readonly AdvancerVerdict[] {
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

/** The part of the transition that moves a machine from state to state. */
import { Activation, type Ended, type MachineFrame } from "./activation.ts";
import type { OrchestrationNode } from "./composite/node.ts";
import type { Decision, MoveDecision } from "./decisions.ts";
import type { Edge, StateRecord } from "./definition.ts";
import { ConditionError } from "./errors/condition-error.ts";
import { ConversionError } from "./errors/conversion-error.ts";
import { FatalError } from "./errors/fatal-error.ts";
import { cycleOf, MaxStepsError } from "./errors/max-steps-error.ts";
import { MaxVisitsError } from "./errors/max-visits-error.ts";
import { NoAdvanceError, shapeOf } from "./errors/no-advance-error.ts";
import { UndeclaredTargetError } from "./errors/undeclared-target-error.ts";
import type { AdvancerVerdict } from "./events.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** How many states before the limit the machine starts to remember its way. */
const REMEMBERED = 64;

/** Enters a machine's first state. */
export function openMachine(machine: Activation, sink: Sink): Ended | undefined {
  const { definition } = machine.node as OrchestrationNode;
  const first = definition.states[definition.start]!;
  const frame: MachineFrame = {
    kind: "machine",
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
  const child = visit(machine, frame, first, machine.input, first);
  const ended = enter(child, sink);
  if (ended === undefined) return undefined;
  leave(child, ended, sink);
  return continueMachine(machine, child, ended, sink);
}

/** Goes on from a state that ended, until a state has to be waited for or the machine ends. */
export function continueMachine(
  machine: Activation,
  child: Activation,
  ended: Ended,
  sink: Sink,
): Ended | undefined {
  const frame = machine.frame as MachineFrame;
  let previous = child;
  let outcome = ended;
  for (;;) {
    frame.child = undefined;
    const next = advance(machine, frame, previous, outcome, sink);
    if (!(next instanceof Activation)) return next;
    const now = enter(next, sink);
    if (now === undefined) return undefined;
    leave(next, now, sink);
    previous = next;
    outcome = now;
  }
}

/** The next state to enter, or how the machine ends. */
function advance(
  machine: Activation,
  frame: MachineFrame,
  child: Activation,
  ended: Ended,
  sink: Sink,
): Activation | Ended {
  // What ends as cancelled does so because something around the machine was stopped, and the machine with it.
  if (ended.kind === "cancelled" || machine.reason !== undefined) {
    return frame.closing ?? { kind: "cancelled", error: machine.reason! };
  }
  const recalled = sink.decisions?.recall();
  if (recalled !== undefined) return follow(machine, frame, child, ended, recalled, sink);
  const state = frame.current;
  try {
    const edges = ended.kind === "completed" ? state.advancers : state.catches;
    const value = ended.kind === "completed" ? ended.value : ended.error;
    const place = firstThatHolds(frame, state, edges, value, child);
    if (place === NONE) return stay(machine, frame, child, ended, sink);
    const taken = edges[place]!;
    const target = targetOf(frame, state, taken, value, child);
    const input = convert(frame, state, taken, target, value, child);
    if (sink.decisions === undefined) return move(machine, frame, child, edges, place, target, input, sink);
    const decision: MoveDecision =
      taken.convert === undefined ? [place, target.index] : [place, target.index, input];
    sink.decisions.admit(decision, state.id, target.id);
    const next = move(machine, frame, child, edges, place, target, input, sink);
    sink.decisions.note(decision);
    return next;
  } catch (error) {
    sink.decisions?.note({ error: error as Error });
    return { kind: "failed", error: error as Error };
  }
}

/** For the place of an edge where none was taken. */
const NONE = -1;

/** The place of the first edge that holds. A loop, because a closure per step costs a fifth of it. */
function firstThatHolds(
  frame: MachineFrame,
  state: StateRecord,
  edges: readonly Edge[],
  value: unknown,
  child: Activation,
): number {
  for (let place = 0; place < edges.length; place++) {
    const edge = edges[place]!;
    if (edge.when === undefined || holds(frame, state, edge, value, child)) return place;
  }
  return NONE;
}

/** Does what was decided when this end was first taken; nothing of the user's is called. */
function follow(
  machine: Activation,
  frame: MachineFrame,
  child: Activation,
  ended: Exclude<Ended, { readonly kind: "cancelled" }>,
  decision: Decision,
  sink: Sink,
): Activation | Ended {
  sink.decisions?.note(decision);
  const completed = ended.kind === "completed";
  if (decision === "again") return again(machine, frame, child, sink);
  if (Array.isArray(decision)) {
    const edges = completed ? frame.current.advancers : frame.current.catches;
    const place = decision[0] as number;
    const taken = edges[place];
    const target = frame.definition.states[decision[1] as number];
    if (taken !== undefined && target !== undefined) {
      const input = decision.length === 3 ? decision[2] : completed ? ended.value : ended.error;
      return move(machine, frame, child, edges, place, target, input, sink);
    }
  }
  if (typeof decision === "object" && "error" in decision) return { kind: "failed", error: decision.error };
  if (decision === "end" && (!completed || frame.current.finishes)) return ended;
  throw new FatalError(`"${frame.current.id}" cannot do any more what it did when this was recorded.`);
}

/** Takes an edge. */
function move(
  machine: Activation,
  frame: MachineFrame,
  child: Activation,
  edges: readonly Edge[],
  place: number,
  target: StateRecord,
  input: unknown,
  sink: Sink,
): Activation {
  const from = frame.current;
  countStep(machine, frame, from);
  const next = visit(machine, frame, target, input, from);
  if (sink.recorder !== undefined) {
    sink.recorder.moved(child, target.id, edges[place]!.cause, verdicts(frame, edges, place));
  }
  frame.current = target;
  frame.reruns = 0;
  return next;
}

/** Enters the current state again. */
function again(machine: Activation, frame: MachineFrame, child: Activation, sink: Sink): Activation {
  const state = frame.current;
  countStep(machine, frame, state);
  const next = visit(machine, frame, state, child.input, state);
  sink.recorder?.moved(child, state.id, "rerun", verdicts(frame, state.advancers, NONE));
  frame.reruns += 1;
  return next;
}

/** No edge was taken: the machine finishes here, fails with its state, tries it again, or is stuck. */
function stay(
  machine: Activation,
  frame: MachineFrame,
  child: Activation,
  ended: Ended,
  sink: Sink,
): Activation | Ended {
  const state = frame.current;
  if (ended.kind !== "completed" || state.finishes) {
    sink.decisions?.note("end");
    return ended;
  }
  if (frame.reruns + 1 < (state.runnable.rerun?.attempts ?? 1)) {
    const next = again(machine, frame, child, sink);
    sink.decisions?.note("again");
    return next;
  }
  throw new NoAdvanceError({
    orchestration: frame.definition.id,
    runnable: state.id,
    path: child.path,
    tried: verdicts(frame, state.advancers, NONE),
    output: shapeOf(ended.value),
  });
}

function visit(
  machine: Activation,
  frame: MachineFrame,
  state: StateRecord,
  input: unknown,
  from: StateRecord,
): Activation {
  const count = frame.visits[state.index]! + 1;
  const { maxVisits } = state.runnable;
  if (maxVisits !== undefined && count > maxVisits) {
    const facts = { orchestration: frame.definition.id, runnable: state.id, path: machine.path };
    throw new MaxVisitsError({ ...facts, maxVisits, from: from.id });
  }
  frame.visits[state.index] = count;
  const child = new Activation(machine, state.runnable, input, count);
  frame.child = child;
  return child;
}

function countStep(machine: Activation, frame: MachineFrame, state: StateRecord): void {
  const { maxSteps, id } = frame.definition;
  frame.steps += 1;
  if (frame.steps > maxSteps - REMEMBERED) {
    frame.last ??= [];
    frame.last.push(state.id);
  }
  if (frame.steps <= maxSteps) return;
  const last = frame.last!;
  const cycle = cycleOf(last);
  throw new MaxStepsError({
    orchestration: id,
    path: machine.path,
    maxSteps,
    last: last.slice(-8),
    ...(cycle === undefined ? {} : { cycle }),
  });
}

function holds(
  frame: MachineFrame,
  state: StateRecord,
  edge: Edge,
  value: unknown,
  child: Activation,
): boolean {
  try {
    return edge.when!(value, child.input);
  } catch (cause) {
    throw new ConditionError(edgeFacts(frame, state, namesOf(frame, edge), child), cause);
  }
}

function targetOf(
  frame: MachineFrame,
  state: StateRecord,
  edge: Edge,
  value: unknown,
  child: Activation,
): StateRecord {
  const { states, id } = frame.definition;
  if (edge.choose === undefined) return states[edge.targets[0]!]!;
  let chosen: ReturnType<typeof edge.choose>;
  try {
    chosen = edge.choose(value);
  } catch (cause) {
    throw new ConditionError(edgeFacts(frame, state, namesOf(frame, edge), child), cause);
  }
  const target = edge.targets.find((index) => states[index]!.runnable.source === chosen);
  if (target !== undefined) return states[target]!;
  const declared = edge.targets.map((index) => states[index]!.id);
  throw new UndeclaredTargetError({
    orchestration: id,
    from: state.id,
    given: chosen?.id ?? String(chosen),
    declared,
  });
}

function convert(
  frame: MachineFrame,
  state: StateRecord,
  edge: Edge,
  target: StateRecord,
  value: unknown,
  child: Activation,
): unknown {
  if (edge.convert === undefined) return value;
  try {
    return edge.convert(value, child.input);
  } catch (cause) {
    throw new ConversionError(edgeFacts(frame, state, target.id, child), cause);
  }
}

function edgeFacts(
  frame: MachineFrame,
  state: StateRecord,
  to: string,
  child: Activation,
): { orchestration: string; from: string; to: string; path: string } {
  return { orchestration: frame.definition.id, from: state.id, to, path: child.path };
}

function namesOf(frame: MachineFrame, edge: Edge): string {
  return edge.targets.map((index) => frame.definition.states[index]!.id).join(" or ");
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
  rows[end] ??= edges.map((edge, index) =>
    Object.freeze({
      to: namesOf(frame, edge),
      ...(edge.label === undefined ? {} : { label: edge.label }),
      verdict: index < end ? "declined" : index === end ? "taken" : "not-asked",
      conditional: edge.when !== undefined,
    }),
  );
  return rows[end];
}

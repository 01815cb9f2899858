/** The part of the transition that moves a machine from state to state. */
import { FatalError } from "../errors/fatal-error.ts";
import { ledTo } from "../errors/led-to.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import { Activation, type Ended } from "./activation.ts";
import type { AddedDecision, Decision, MoveDecision } from "./decisions.ts";
import type { Edge, StateRecord } from "./definition.ts";
import { firstThatHolds, madeBy, NONE, targetOf, verdicts } from "./edges.ts";
import { type MachineFrame, type MachineNode, machineFrame } from "./machine-frame.ts";
import { countStep, tooManyVisits } from "./machine-limits.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** Enters a machine's first state. */
export function openMachine(machine: Activation, sink: Sink): Ended | undefined {
  const { definition } = machine.node as MachineNode;
  const first = definition.states[definition.start]!;
  const frame = machineFrame(machine, definition, definition.unvisited.slice(), first, undefined);
  machine.frame = frame;
  if (definition.deadline !== undefined) sink.timer(machine, definition.deadline, "deadline");
  // The edges around the machine, and whoever started it, see the input as it was.
  return goOn(frame, visit(frame, first, copyOf(machine.input)), sink);
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

/** The next state to enter, or how the machine ends. `thrown` is what an edge threw that is taken as the state's failure. */
function advance(
  frame: MachineFrame,
  child: Activation,
  ended: Ended,
  sink: Sink,
  thrown?: Error,
): Activation | Ended {
  const { machine, current } = frame;
  frame.child = undefined;
  // What ends as cancelled does so because something around the machine was stopped, and the machine with it.
  if (ended.kind === "cancelled" || machine.reason !== undefined) {
    frame.child = child;
    if (ended.kind === "completed") frame.undecided = ended;
    return frame.closing ?? { kind: "cancelled", error: machine.reason! };
  }
  const { decisions } = sink;
  const edges = ended.kind === "completed" ? current.advancers : current.catches;
  const value = ended.kind === "completed" ? ended.value : ended.error;
  const recalled = decisions?.recall();
  if (recalled !== undefined) return follow(frame, child, ended, edges, value, recalled, sink, thrown);
  let isChosen = false;
  try {
    const place = firstThatHolds(frame, edges, value, child);
    if (place === NONE) {
      isChosen = true;
      return stay(frame, child, ended, sink);
    }
    const edge = edges[place]!;
    let target = targetOf(frame, edge, value, child);
    const input =
      edge.convert === undefined ? value : madeBy(edge.convert, frame, edge, target, value, child);
    let added = edge.add && madeBy(edge.add.make, frame, edge, target, value, child);
    if (decisions === undefined) {
      isChosen = true;
      return move(frame, child, edges, place, target, input, sink, thrown, added);
    }
    const { made } = target.runnable;
    const decision: MoveDecision =
      made !== undefined
        ? [place, target.index, input, made]
        : edge.convert === undefined
          ? [place, target.index]
          : [place, target.index, input];
    const kept = decisions.admit(decision, current.id, target.id);
    // It runs as it is made again in every other life.
    if (made !== undefined) target = target.maker!.again(target, kept[3]!);
    if (edge.add !== undefined)
      added = decisions.admit([0, 0, added], current.id, target.id, "what it adds")[2];
    isChosen = true;
    const given = kept.length > 2 ? kept[2] : input;
    const next = move(frame, child, edges, place, target, given, sink, thrown, added);
    decisions.note(edge.add === undefined ? kept : { move: kept, added });
    return next;
  } catch (error) {
    return thrownOn(frame, child, ended, error as Error, isChosen, sink);
  }
}

/**
 * What an edge throws, and what it gives and cannot be kept, is a failure of the state that it leaves, and the edges for
 * failures of that state are asked about it. It ends the machine where there are none, or where such an edge threw;
 * so does a limit that is reached when the way is chosen.
 */
function thrownOn(
  frame: MachineFrame,
  child: Activation,
  ended: Ended,
  error: Error,
  isChosen: boolean,
  sink: Sink,
): Activation | Ended {
  const { decisions } = sink;
  if (isChosen || ended.kind === "failed" || frame.current.catches.length === 0) {
    const last = ended.kind === "failed" ? ledTo(error, ended.error) : error;
    const kept = decisions?.kept(last) ?? last;
    decisions?.note({ error: kept });
    return failed(frame, child, kept);
  }
  const thrown = decisions?.kept(error) ?? error;
  decisions?.note({ error: thrown, caught: true });
  return advance(frame, child, { kind: "failed", error: thrown }, sink, thrown);
}

/** The machine fails. Its child stays, so that a retry goes on there. */
function failed(frame: MachineFrame, child: Activation, error: Error): Ended {
  frame.child = child;
  return { kind: "failed", error };
}

/** Applies the recorded decision. No callback of the user is called. */
function follow(
  frame: MachineFrame,
  child: Activation,
  ended: Ended,
  edges: readonly Edge[],
  value: unknown,
  decision: Decision,
  sink: Sink,
  thrown: Error | undefined,
): Activation | Ended {
  const { current, definition } = frame;
  if (decision === "again") return again(frame, child, sink);
  const { move: moved = decision, added } = decision as Partial<AddedDecision>;
  if (Array.isArray(moved)) {
    const [place, index, converted, made] = moved as unknown as MoveDecision;
    const state = definition.states[index];
    const target = made === undefined ? state : state?.maker?.again(state, made);
    if (edges[place] !== undefined && target !== undefined) {
      const input = moved.length > 2 ? converted : value;
      return move(frame, child, edges, place, target, input, sink, thrown, added);
    }
  }
  if (typeof decision === "object" && "error" in decision) {
    const { error, caught } = decision;
    return caught === true
      ? advance(frame, child, { kind: "failed", error }, sink, error)
      : failed(frame, child, error);
  }
  if (decision === "end" && (ended.kind !== "completed" || current.finishes))
    return finished(frame, child, ended);
  const says = `"${current.id}" cannot do any more what it did when this was recorded.`;
  throw new FatalError(says, { fix: "Resume the run with the code it was started with." });
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
  thrown: Error | undefined,
  added: unknown,
): Activation {
  countStep(frame);
  const next = visit(frame, target, input);
  const { add, cause } = edges[place]!;
  if (added !== undefined) add?.put(child, added);
  sink.recorder?.moved(child, target.id, cause, verdicts(frame, edges, place), thrown, add?.dossier, added);
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
    return finished(frame, child, ended);
  }
  if (frame.reruns + 1 < (current.runnable.rerun?.attempts ?? 1)) {
    const next = again(frame, child, sink);
    sink.decisions?.note("again");
    return next;
  }
  throw child.runnable.errors.noAdvance({
    orchestration: definition.id,
    runnable: current.id,
    path: child.path,
    tried: verdicts(frame, current.advancers, NONE),
    output: shapeOf(ended.value),
  });
}

/** The machine ends as its state did. */
function finished(frame: MachineFrame, child: Activation, ended: Ended): Ended {
  return ended.kind === "failed" ? failed(frame, child, ended.error) : ended;
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

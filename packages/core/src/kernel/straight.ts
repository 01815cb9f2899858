/**
 * The way of most steps, in one function: a state completed, and the next one follows without a question to anybody. The
 * transition would do the same in a dozen small ones. In a process that has just begun each of them is interpreted and compiled
 * by itself, which took as long as all the rest of a step.
 */
import { Activation } from "./activation.ts";
import type { Definition, StateRecord } from "./definition.ts";
import { verdicts } from "./edges.ts";
import type { MachineFrame, MachineNode } from "./machine-frame.ts";
import { REMEMBERED } from "./machine-limits.ts";
import type { Completion, RunState, Sink } from "./transition.ts";

/** How a run takes completions that lead straight on; `undefined` where no state of its definition does. */
export function straightWay<TTaker>({ root }: RunState): GoStraight<TTaker> | undefined {
  return (root.node as Partial<MachineNode> | undefined)?.definition?.straight && goStraight;
}

/** For each state the one that always follows on it; `undefined` where no state has one. */
export function straightStates(states: readonly StateRecord[]): Definition["straight"] {
  const found = states.map((state) => straightFrom(state, states));
  return found.some((state) => state !== undefined) ? found : undefined;
}

/** The state that always follows on this one, if it is a plain function and the edge hands on what it is given; else `undefined`. */
function straightFrom(
  { advancers: [edge], maker }: StateRecord,
  states: readonly StateRecord[],
): StateRecord | undefined {
  if (edge === undefined) return undefined;
  const target = states[edge.targets[0]!]!;
  const { node, maxVisits } = target.runnable;
  const { when, convert, add, choose } = edge;
  const more = maker ?? when ?? convert ?? add ?? choose ?? target.maker ?? node ?? maxVisits;
  return more === undefined ? target : undefined;
}

/** What gives completions; see `Driver`. */
export interface Source<TTaker> extends Sink {
  readonly next: (taker: TTaker) => Completion | undefined;
}

/** See {@link goStraight}. */
export type GoStraight<TTaker> = (
  first: Completion,
  source: Source<TTaker>,
  taker: TTaker,
) => Completion | undefined;

/**
 * Takes completions and enters what follows, as long as that is straight on. Gives the first completion that the transition has
 * to take, and nothing when `taker` is to wait for one. Only for runs that are driven, and not made again from a journal.
 *
 * It is too long for V8 to put it into its callers. Each of them would be compiled with all of it.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: each question that is a function of its own is a call at every step
export function goStraight<TTaker>(
  first: Completion,
  source: Source<TTaker>,
  taker: TTaker,
): Completion | undefined {
  const { recorder, decisions, entering } = source;
  if (entering !== undefined) return first;
  for (let completion: Completion | undefined = first; completion !== undefined; ) {
    if (completion.kind !== "completed") return completion;
    const { operation, value } = completion;
    const { parent: machine, node, over, attached, scoped } = operation;
    if (machine === undefined || node !== undefined || over || attached !== undefined) return completion;
    const frame = machine.frame as MachineFrame;
    const { definition, current, steps, visits, closing } = frame;
    const target = definition?.straight?.[current.index];
    if (target === undefined || closing !== undefined) return completion;
    if (steps >= definition.maxSteps - REMEMBERED) return completion;
    let root: Activation = operation;
    for (let at: Activation | undefined = operation; at !== undefined; at = at.parent) {
      if (at.aborted !== undefined) return completion;
      root = at;
    }
    // Signals, and conditions over what just changed.
    if (root.attached !== undefined) return completion;

    operation.over = true;
    if (scoped !== undefined) scoped.release();
    const { index, runnable } = target;
    const visit = visits[index]! + 1;
    const next = new Activation(machine, runnable, value, visit);
    visits[index] = visit;
    frame.steps = steps + 1;
    frame.child = next;
    frame.reruns = 0;
    if (recorder !== undefined) {
      recorder.ended(operation, completion);
      recorder.moved(operation, target.id, "output", verdicts(frame, current.advancers, 0), undefined);
    }
    frame.current = target;
    if (decisions !== undefined) decisions.note([0, index]);
    if (recorder !== undefined) recorder.started(next);
    source.exec(next);
    completion = source.next(taker);
  }
  return undefined;
}

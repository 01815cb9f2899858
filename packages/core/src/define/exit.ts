import { CancelledError } from "../errors/cancelled-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { Activation, type Ended, type Frame } from "../kernel/activation.ts";
import { atOnce } from "../kernel/at-once.ts";
import { compiled } from "../kernel/compiled.ts";
import type { Mark } from "../kernel/decisions.ts";
import { failureOf } from "../kernel/failure-of.ts";
import { isFan } from "../kernel/fan-frame.ts";
import type { OpenNode } from "../kernel/node.ts";
import { close, enter, leave, type Sink } from "../kernel/transition.ts";
import { copyOf } from "../platform/copy-of.ts";
import { given } from "../platform/given.ts";
import type { Runnable } from "../words/runnable.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { branchOf } from "./graph-of.ts";

/** When a branch ends its orchestration. */
export interface ExitOptions<TOutput> extends CompositeOptions {
  /** Whether what the branch gave ends the orchestration; synchronous and pure. Default: it always does. */
  readonly when?: ((output: TOutput) => boolean) | undefined;
}

/**
 * A branch that may end the whole orchestration around it: with what `branch` gives the orchestration completes, and what is
 * open beside it is aborted and awaited. Name it among the last in `.finish(...)`, which makes its output one of the orchestration's.
 * Where `when` does not hold, it is a branch like any other.
 *
 * @example
 * ```ts
 * const alarm = exit("alarm", watch, { when: (level) => level > 9 });
 * const work = all("work", { build, alarm });
 * orchestration("guarded", (o) => o.start(work).advance(work, report).finish(report, alarm));
 * ```
 */
export function exit<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  { when, ...options }: ExitOptions<TOutput> = {},
): Runnable<TInput, TOutput> {
  const condition = when as Condition | undefined;
  const exits: Runnable<TInput, TOutput>[] = [];
  const node: ExitNode = {
    kind: "exit",
    branches: [branch],
    exits,
    ...given({ when: condition && [condition] }),
    open,
    proceed: (activation, _child, ended, sink) => endOn(activation, ended, sink),
    within: ({ frame }) => [(frame as ExitFrame).child],
    undeclared: (last) =>
      last.includes(made) ? [] : [`"${id}" may end the orchestration: name it in .finish(...).`],
    inside: () => ({ branches: [branchOf(branch.id, branch, condition !== undefined)] }),
  };
  const made = composite<TInput, TOutput>(id, options, node);
  exits.push(made);
  return made;
}

type Condition = (output: unknown) => boolean;

/** A branch that may end its orchestration. */
interface ExitNode extends OpenNode {
  readonly when?: readonly Condition[];
}

/** How far it is: what is in it. */
interface ExitFrame extends Frame {
  readonly child: Activation;
}

function open(activation: Activation, sink: Sink): Ended | undefined {
  const [branch] = activation.node!.branches!;
  const child = new Activation(activation, compiled(branch!), copyOf(activation.input));
  const frame: ExitFrame = { child, closing: undefined };
  activation.frame = frame;
  const ended = enter(child, sink);
  if (ended === undefined) return undefined;
  leave(child, ended, sink);
  return endOn(activation, ended, sink);
}

/** Ends the orchestration with what the branch gave, or goes on as the branch did. */
function endOn(activation: Activation, ended: Ended, sink: Sink): Ended {
  if (ended.kind !== "completed" || activation.reason !== undefined) return ended;
  const mark = decide(activation, ended.value, sink);
  if (mark === "on") return ended;
  if (mark.error !== null) return { kind: "failed", error: mark.error };
  const machine = machineAround(activation);
  if (machine === undefined) return { kind: "failed", error: alone(activation) };
  const reason = new CancelledError(`"${activation.runnable.id}" ended "${machine.runnable.id}"`);
  close(machine, ended, reason, sink);
  stopBetween(activation, machine, reason);
  return ended;
}

/** Nothing more begins in the fan-outs between the two, which otherwise would go on with what they have not begun. */
function stopBetween({ parent }: Activation, machine: Activation, error: Error): void {
  for (let at = parent; at !== machine && at !== undefined; at = at.parent) {
    const { frame } = at;
    if (frame !== undefined && isFan(frame) && frame.left === undefined)
      frame.closing ??= { kind: "cancelled", error };
  }
}

function decide(activation: Activation, value: unknown, { decisions }: Sink): Mark | "on" {
  const when = (activation.node as ExitNode).when?.[0];
  if (when === undefined) return { error: null };
  const mark = decisions?.recallMark("exit") ?? ask(activation, value, when, decisions?.kept);
  if (mark !== "on") decisions?.note({ exit: mark.error });
  return mark;
}

function ask(
  activation: Activation,
  value: unknown,
  when: Condition,
  kept: ((error: Error) => Error) | undefined,
): Mark | "on" {
  try {
    return atOnce(when(value)) ? { error: null } : "on";
  } catch (cause) {
    const says = `The option when of "${activation.runnable.id}" threw.`;
    const error = failureOf(
      activation,
      new FatalError(says, { cause, fix: "Make it hold for every output." }),
    );
    return { error: kept?.(error) ?? error };
  }
}

/** The orchestration around an activation. */
function machineAround({ parent }: Activation): Activation | undefined {
  let at = parent;
  while (at !== undefined && at.node?.kind !== "orchestration") at = at.parent;
  return at;
}

function alone(activation: Activation): Error {
  const says = `"${activation.runnable.id}" ends the orchestration around it, and there is none.`;
  return failureOf(
    activation,
    new FatalError(says, { fix: "Make it a branch of a state of an orchestration." }),
  );
}

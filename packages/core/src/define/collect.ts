import { CancelledError } from "../errors/cancelled-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import type { ErrorText } from "../errors/orch-error.ts";
import type { Activation, Ended, Frame } from "../kernel/activation.ts";
import { type CollectingFrame, type CollectingNode, hasBackground, openIn } from "../kernel/background.ts";
import { failureOf } from "../kernel/failure-of.ts";
import type { FanFrame, FanNode, LateResult } from "../kernel/fan-frame.ts";
import { machineOf } from "../kernel/machine-frame.ts";
import { nodeOf } from "../kernel/node.ts";
import type { Parts } from "../kernel/parts.ts";
import type { Sink } from "../kernel/transition.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import type { Background } from "./background.ts";
import { type CompositeOptions, composite } from "./composite.ts";

/** How results are collected. */
export interface CollectOptions extends CompositeOptions {
  /** Stops what still goes on, and gives what came. Default false: it waits until everything has ended. */
  readonly stop?: boolean | undefined;
}

/**
 * Takes what a state of the same orchestration left in the background: waits until that has ended, and gives its results.
 * Of `each` and `all` with `rest: "background"` they are settled results, in the order they came or by name; of `background` it is
 * the output, `undefined` where it was stopped, and `collect` fails where that failed. Each result is given once; where nothing is
 * left, the list is empty.
 *
 * @example
 * ```ts
 * const quick = each("quick", ask, { first: 2, rest: "background" });
 * const late = collect("late", quick); // Runnable<unknown, Settled<Reply>[]>
 * ```
 */
export function collect<TLate>(
  id: string,
  source: AnyRunnable & Background<TLate>,
  options?: CollectOptions & { readonly stop?: false | undefined },
): Runnable<unknown, TLate>;
export function collect<TLate>(
  id: string,
  source: AnyRunnable & Background<TLate>,
  options: CollectOptions,
): Runnable<unknown, TLate | undefined>;
export function collect(
  id: string,
  source: Pick<AnyRunnable, "id">,
  { stop = false, ...options }: CollectOptions = {},
): Runnable<unknown, never> {
  const node: CollectingNode = {
    kind: "collect",
    open: (activation, sink) => open(activation, source.id, stop, sink),
    // Nothing is open in it: its machine ends it.
    proceed: () => undefined,
    within: () => [],
    collected: (activation) => collected(activation, source.id),
    inside: () => ({ collects: source.id }),
    misplaced: (_, states) =>
      states.some((state) => state.id === source.id && leaves(state)) ? [] : [stranger(id, source.id)],
  };
  return composite(id, options, node);
}

function open(activation: Activation, source: string, stop: boolean, sink: Sink): Ended | undefined {
  const frame: Frame = { closing: undefined };
  activation.frame = frame;
  if (stop) {
    for (const part of partsOf(activation)?.of(source) ?? []) {
      // Nothing more begins in it either.
      part.abort(new CancelledError(`"${activation.runnable.id}" takes what there is`));
      for (const child of openIn(part)) sink.timer(child, sink.grace, "grace");
    }
  }
  return collected(activation, source);
}

/** What was left by all visits of the state, once nothing of it goes on any more. */
function collected(activation: Activation, source: string): Ended | undefined {
  const parts = partsOf(activation);
  if (parts?.isOpen(source) === true) return undefined;
  const taken = parts?.take(source) ?? [];
  const late = taken.flatMap((part): readonly LateResult[] => (part.frame as FanFrame).late);
  const machine = machineOf(activation.parent);
  const node = machine?.definition.states.find(({ id }) => id === source)?.runnable.node as
    | FanNode
    | undefined;
  (activation.frame as CollectingFrame).taken = taken;
  if (node?.background !== undefined) return node.background.late(late, node.keys);
  // A state that is made on the way: a definition with any other is refused.
  const { says, fix } = stranger(activation.runnable.id, source);
  return { kind: "failed", error: failureOf(activation, new FatalError(says, { fix })) };
}

/** Whether it leaves something that can be collected. */
function leaves(state: AnyRunnable): boolean {
  return (nodeOf(state) as FanNode | undefined)?.background !== undefined;
}

function stranger(id: string, source: string): ErrorText {
  return {
    says: `"${id}" collects what "${source}" left in the background, and no such state is beside it.`,
    fix: `Make "${id}" and "${source}" states of one orchestration.`,
  };
}

function partsOf({ parent }: Activation): Parts | undefined {
  return hasBackground(parent?.node) ? parent.node.parts(parent) : undefined;
}

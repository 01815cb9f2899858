import type { Ended } from "../kernel/activation.ts";
import { admitPart, leavePart, leftIn, unkept, withBackground } from "../kernel/background.ts";
import type { BackgroundPolicy, FanNode } from "../kernel/fan-frame.ts";
import { settledOf } from "../kernel/settled-of.ts";
import type { Runnable } from "../words/runnable.ts";
import type { CompositeOptions } from "./composite.ts";
import { fanOut } from "./fan-out.ts";

declare const LATE: unique symbol;

/** A state that leaves something in the background, whose results `collect` gives. */
export interface Background<out TLate> {
  readonly [LATE]: TLate;
}

/**
 * Starts `branch` in the background and completes at once, with its input. What was started goes on while the orchestration
 * does: `collect` awaits it, gives what it gave, or stops it. When the orchestration has its end, what still goes on is stopped.
 *
 * A failure in the background fails nothing by itself: it is an event of the run, and `collect` fails with it.
 *
 * @example
 * ```ts
 * const audit = background("audit", auditFlow);
 * const audited = collect("audited", audit);
 * orchestration("order", (o) => o.start(audit).advance(audit, ship).advance(ship, audited).finish(audited));
 * ```
 */
export function background<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options: CompositeOptions = {},
): Runnable<TInput, TInput> & Background<TOutput> {
  const made = fanOut<TInput, TInput>(id, options, {
    kind: "background",
    keys: [branch.id],
    branches: [branch],
    concurrency: 1,
    decide: () => undefined,
    join: () => undefined,
    ...leavingRest((late) => late[0]?.ended ?? NOTHING, true),
    told: {},
  });
  return made as typeof made & Background<TOutput>;
}

const NOTHING: Ended = { kind: "completed", value: undefined };

/** The part of a fan-out's node that leaves its branches in the background. */
export function leavingRest(
  late: BackgroundPolicy["late"],
  atOnce?: true,
): Required<Pick<FanNode, "background" | "around" | "leaves" | "misplaced">> {
  const policy = { late, admit: admitPart, leave: leavePart };
  return {
    background: atOnce === undefined ? policy : { ...policy, atOnce },
    around: withBackground,
    leaves: leftIn,
    misplaced: (id, states) => (states.length > 0 ? [] : [unkept(id)]),
  };
}

/** What came late, in the order it came; by name where branches have names. */
export const lateResults: BackgroundPolicy["late"] = (late, keys) => {
  const results = late.map(({ slot, ended }) => [keys?.[slot], settledOf(ended)] as const);
  return {
    kind: "completed",
    value: keys === undefined ? results.map(([, result]) => result) : Object.fromEntries(results),
  };
};

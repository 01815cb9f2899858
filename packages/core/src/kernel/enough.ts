/** When what has arrived of a fan-out is enough: so many results, or what a function of its definition says. */
import { errorData } from "../errors/error-data.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { RaceLostError } from "../errors/race-lost-error.ts";
import type { FanOutProgress } from "../words/settled.ts";
import type { Activation } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import type { Mark } from "./decisions.ts";
import { failureOf } from "./failure-of.ts";
import { joined } from "./fan.ts";
import type { BranchEnd, FanEnd, FanFrame } from "./fan-frame.ts";
import type { Sink } from "./transition.ts";

/** When a fan-out ends before all of its branches have. */
export interface EnoughPolicy {
  /** How many results are enough. */
  readonly first?: number | undefined;
  /** Says whether what has arrived is enough; synchronous and pure. */
  readonly enough?: ((progress: FanOutProgress<never>) => boolean) | undefined;
}

/** Says after the end of a branch whether the fan-out has enough, or cannot have enough any more. */
export function endEarly(
  policy: EnoughPolicy,
  fan: Activation,
  child: Activation,
  ended: BranchEnd,
  sink: Sink,
): FanEnd {
  const mark = enoughOf(policy, fan, sink);
  if (mark !== undefined) {
    const isEnough = mark.error === null;
    return { ended: endOf(fan, mark), why: `"${child.runnable.id}" was faster`, isEnough };
  }
  if (ended.kind === "completed" || !isLost(policy, fan.frame as FanFrame)) return undefined;
  return {
    ended: { kind: "failed", error: lost(policy, fan) },
    why: "too few branches of the race were left",
  };
}

/** How a fan-out ends in which no branch is left and nothing was enough. */
export function endWithout(
  policy: EnoughPolicy,
  fan: Activation,
  sink: Sink,
): ReturnType<typeof endOf> | undefined {
  const { node, done, lost: failed } = fan.frame as FanFrame;
  // Where nothing has arrived, nothing has asked yet.
  const mark = done + failed.length === 0 ? enoughOf(policy, fan, sink) : undefined;
  if (mark !== undefined) return endOf(fan, mark);
  return node.settled === true ? undefined : { kind: "failed", error: lost(policy, fan) };
}

function endOf(fan: Activation, { error }: Mark): BranchEnd {
  if (error !== null) return { kind: "failed", error };
  return { kind: "completed", value: joined(fan.frame as FanFrame) };
}

/** That it is enough, or what the function threw instead; `undefined` while it is not. */
function enoughOf({ first, enough }: EnoughPolicy, fan: Activation, sink: Sink): Mark | undefined {
  const frame = fan.frame as FanFrame;
  if (first !== undefined && frame.order.length >= first) return { error: null };
  if (enough === undefined) return undefined;
  const mark = sink.decisions?.recallMark("enough") ?? ask(fan, frame, enough, sink);
  if (mark === "on") return undefined;
  sink.decisions?.note({ enough: mark.error });
  return mark;
}

function ask(
  fan: Activation,
  frame: FanFrame,
  enough: NonNullable<EnoughPolicy["enough"]>,
  { decisions }: Sink,
): Mark | "on" {
  try {
    return atOnce(enough(progressOf(frame) as FanOutProgress<never>)) ? { error: null } : "on";
  } catch (cause) {
    const says = `The option enough of "${fan.runnable.id}" threw.`;
    const fix = "Make the function hold for everything that may arrive.";
    const error = failureOf(fan, new FatalError(says, { cause, fix }));
    return { error: decisions?.kept(error) ?? error };
  }
}

function progressOf({
  node,
  inputs,
  results,
  order,
  skipped,
  done,
  lost: failed,
}: FanFrame): FanOutProgress<unknown> {
  const gone = new Set(failed.map(({ child }) => child.slot));
  const completed = order.filter((slot) => !gone.has(slot));
  const { settled } = node;
  return {
    values: completed.map((slot) =>
      settled === true ? (results[slot] as { value: unknown }).value : results[slot],
    ),
    failures: failed.flatMap(({ error }) => (error === undefined ? [] : [errorData(error)])),
    open: inputs.length - skipped - done - failed.length,
  };
}

/** Whether too few branches are left for the results that it needs. */
function isLost({ first, enough }: EnoughPolicy, { node, inputs, skipped, lost: failed }: FanFrame): boolean {
  if (node.settled === true || enough !== undefined) return false;
  return inputs.length - skipped - failed.length < first!;
}

function lost({ first }: EnoughPolicy, fan: Activation): RaceLostError {
  const { lost: failed, inputs } = fan.frame as FanFrame;
  const failures = failed.map(({ error }) => errorData(error));
  const facts = {
    race: fan.runnable.id,
    path: fan.path,
    ...(first === undefined ? {} : { wanted: first }),
    failures,
  };
  return new RaceLostError(facts, failed.at(-1)?.error, inputs.length);
}

import { errorData } from "../errors/error-data.ts";
import { COUNT } from "../errors/number-range.ts";
import { RaceLostError } from "../errors/race-lost-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { FanEnd, FanFrame, FanNode } from "../kernel/fan.ts";
import type { OutputOf, Runnable } from "../words/runnable.ts";
import type { Branches, SharedInput } from "./all.ts";
import type { CompositeOptions } from "./composite.ts";
import type { FanOutOptions } from "./each.ts";
import { fanOut, named } from "./fan-out.ts";

/** How a race is run. */
export interface RaceOptions extends CompositeOptions {
  /** How many branches run at once. Default: all. */
  readonly concurrency?: number;
  /** Whether the failure of a branch is terminal: the race starts no other branch then, and may still be won by those that run. Default: as in `each`. */
  readonly terminal?: FanOutOptions["terminal"];
}

/**
 * Runs named branches side by side on one input, and completes with the first value; the losers are
 * aborted and awaited before that.
 *
 * With `first: n` it completes with the first `n` values, in the order they came: a quorum. A branch
 * that fails drops out; when too few are left the race fails with `ORCH_RACE_LOST`, which names every failure.
 *
 * @example
 * ```ts
 * const fastest = race("fastest", { mirror, origin });
 * const quorum = race("quorum", { a, b, c }, { first: 2 }); // gives a list of two
 * ```
 */
export function race<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options?: RaceOptions & { readonly first?: undefined },
): Runnable<SharedInput<TBranches>, OutputOf<TBranches[keyof TBranches]>>;
// The list comes last: it is of the last form that the compiler speaks when none fits.
export function race<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: RaceOptions & { readonly first: number },
): Runnable<SharedInput<TBranches>, OutputOf<TBranches[keyof TBranches]>[]>;
export function race(
  id: string,
  branches: Branches,
  options: RaceOptions & { readonly first?: number | undefined } = {},
): Runnable<never, unknown> {
  const fan = named(branches);
  const { concurrency = Number.POSITIVE_INFINITY, first, terminal } = options;
  const wanted = first ?? 1;
  const most = fan.keys.length;
  return fanOut(id, options, {
    kind: "race",
    ...fan,
    concurrency,
    terminal: terminal as FanNode["terminal"],
    take: (frame, child, ended) => {
      if (ended.kind === "failed") return lost(frame, child, ended.error, wanted);
      frame.results[frame.done - 1] = ended.value;
      if (frame.done < wanted) return undefined;
      const value = first === undefined ? ended.value : frame.results.slice(0, wanted);
      return { ended: { kind: "completed", value }, why: `"${child.runnable.id}" was faster` };
    },
    problems: function* () {
      if (COUNT.holds(wanted) && wanted <= most) return;
      yield `The race "${id}" waits for ${wanted} of ${most} branches: it has to be 1 or more, whole, and no more than there are.`;
    },
    told: { first },
  });
}

/** A failure ends a race when too few branches are left to win. */
function lost(frame: FanFrame, { parent }: Activation, error: Error, wanted: number): FanEnd {
  if (frame.inputs.length - frame.lost.length >= wanted) return undefined;
  const { runnable, path } = parent!;
  const failures = frame.lost.map((branch) => errorData(branch.error));
  const facts = { race: runnable.id, path, wanted, failures };
  const ended = { kind: "failed", error: new RaceLostError(facts, error, frame.inputs.length) } as const;
  return { ended, why: "too few branches of the race were left" };
}

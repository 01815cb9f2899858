import { isOrchError } from "@orch/core";
import { FaultError } from "../errors/fault-error.ts";
import { SweepError, type SweepFacts } from "../errors/sweep-error.ts";

/** The doors of one run: each passage is counted, and one of them fails. */
export interface Faults {
  /** Call it where something outside may fail. Throws when this passage is the one. */
  readonly pass: (door: string) => void;
  /** Gives `act` with a door before it: a passage that fails does not call `act`, and rejects. */
  readonly door: <TArgs extends readonly unknown[], TResult>(
    name: string,
    act: (...args: TArgs) => TResult | Promise<TResult>,
  ) => (...args: TArgs) => Promise<TResult>;
}

/** How far a sweep went. */
export interface SweepReport {
  /** How many times `run` was called. */
  readonly runs: number;
  /** How many passages the last run had: all there are, unless the limit came first. */
  readonly passages: number;
  /** How often each door failed first, by name. */
  readonly failed: { readonly [door: string]: number };
}

/** What is swept. */
export interface SweepOptions {
  /** One run from a fresh start. It may fail with an OrchError, and with nothing else. */
  readonly run: (faults: Faults) => unknown;
  /** Called after each run, whether it failed or not: throws when something is not as it has to be. */
  readonly check?: () => unknown;
  /** How many passages at most. Default 10,000. */
  readonly limit?: number;
}

/**
 * Makes the k-th passage through a door fail, for every k, until a run meets no fault; first that
 * passage alone, then that one and all after it. So every place where the outside can fail does so once.
 *
 * @throws SweepError (`ORCH_SWEEP`), naming the passage and the door, when `run` fails with something
 * that is no OrchError, when `check` throws, or when a run without faults fails.
 *
 * @example
 * ```ts
 * const report = await sweep({
 *   run: (faults) => flow.run(input, { host: hostOn(faults.door("save", save)) }),
 *   check: () => expect(openFiles()).toBe(0),
 * });
 * ```
 */
export async function sweep({ run, check, limit = 10_000 }: SweepOptions): Promise<SweepReport> {
  const failed: { [door: string]: number } = {};
  let runs = 0;
  let passages = 0;
  for (const mode of ["once", "from-then-on"] as const) {
    for (let passage = 1; passage <= limit; passage++) {
      const doors = failAt(passage, mode);
      runs += 1;
      const thrown = await outcomeOf(() => run(doors.faults));
      const door = doors.met();
      const facts: SweepFacts = { mode, passage, ...(door === undefined ? {} : { door }) };
      const isForeign = thrown !== undefined && !isOrchError(thrown.error);
      if (isForeign || (thrown !== undefined && door === undefined))
        throw new SweepError(facts, thrown.error);
      const complaint = await outcomeOf(() => check?.());
      if (complaint !== undefined) throw new SweepError(facts, complaint.error);
      passages = doors.count();
      if (door === undefined) break;
      failed[door] = (failed[door] ?? 0) + 1;
    }
  }
  return { runs, passages, failed };
}

async function outcomeOf(act: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function failAt(
  target: number,
  mode: SweepFacts["mode"],
): { readonly faults: Faults; readonly met: () => string | undefined; readonly count: () => number } {
  let passage = 0;
  let met: string | undefined;
  const pass = (door: string): void => {
    passage += 1;
    const fails = mode === "once" ? passage === target : passage >= target;
    if (!fails) return;
    met ??= door;
    throw new FaultError({ door, passage });
  };
  const faults: Faults = {
    pass,
    door:
      (name, act) =>
      async (...args) => {
        pass(name);
        return act(...args);
      },
  };
  return { faults, met: () => met, count: () => passage };
}

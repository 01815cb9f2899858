/**
 * `ctx.once` under random suspensions, cancellations, lost races, timeouts and attempts, in states that look at their
 * signal nowhere. Each key is counted where its value is made.
 */
import { manualClock, seededRandom } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { DurableHost, memoryStore } from "../src/host.ts";
import {
  each,
  orchestration,
  type Run,
  type RunContext,
  type Runnable,
  race,
  runnable,
  sleep,
} from "../src/index.ts";

const KEYS = budget("onceKeys");
const levels = ["step", "group", "end"] as const;

/** What happened to the keys of one run. */
interface Ledger {
  /** How often each value was made, by the activation and the name. */
  readonly made: Map<string, number>;
  /** Values that were made for an attempt that was over. */
  late: number;
  /** Calls that were refused. */
  refused: number;
}

/** A world with one run: its clock, its states and its ledger. */
function world(pick: (below: number) => number) {
  const clock = manualClock();
  const ledger: Ledger = { made: new Map(), late: 0, refused: 0 };
  const nap = (most: number): Promise<void> =>
    new Promise((resolve) => void clock.after(1 + pick(most), resolve));
  const take = async (ctx: RunContext, name: string, attempt: { isOver: boolean }): Promise<unknown> => {
    const key = `${ctx.path} ${name}`;
    if (!ledger.made.has(key)) ledger.made.set(key, 0);
    return ctx.once(name, async () => {
      if (attempt.isOver || ctx.signal.aborted) ledger.late += 1;
      ledger.made.set(key, ledger.made.get(key)! + 1);
      if (pick(3) > 0) await nap(30);
      return key;
    });
  };
  const work = async (ctx: RunContext, attempt: { isOver: boolean }): Promise<void> => {
    const floating: Promise<unknown>[] = [];
    for (let n = 0; n < 4; n++) {
      await nap(20);
      const taken = take(ctx, `key ${n}`, attempt);
      taken.catch(() => {
        ledger.refused += 1;
      });
      // What was given up goes on as if nothing had been refused.
      if (pick(4) === 0) floating.push(taken.catch(() => {}));
      else await taken.catch(() => {});
    }
    await Promise.all(floating);
  };
  const state = (id: string, timeout: number | undefined): Runnable<number, number> =>
    runnable({
      id,
      ...(timeout === undefined ? {} : { timeout }),
      retry: { attempts: 3, firstDelay: 10, jitter: false },
      invoke: async (x: number, ctx) => {
        const attempt = { isOver: false };
        try {
          await work(ctx, attempt);
          if (pick(5) === 0) throw new Error("this attempt fails");
          return x;
        } finally {
          attempt.isOver = true;
        }
      },
    });
  return { clock, ledger, state };
}

function flowOf({ state }: ReturnType<typeof world>, pick: (below: number) => number) {
  const timeout = (): number | undefined => (pick(2) === 0 ? undefined : 20 + pick(150));
  const first = state("first", timeout());
  const branch = state("branch", timeout());
  const fan = each("fan", branch, { settled: true, concurrency: 2 });
  const inner = orchestration<number, number>("inner", (o) =>
    o
      .start(branch)
      .catch(branch, first, { convert: () => 1 })
      .finish(branch, first),
  );
  const won = race("won", { inner, quick: sleep<number>("quick", 10 + pick(300)) });
  return orchestration<number, unknown>("flow", (o) =>
    o
      .start(first)
      .advance(first, won)
      .catch(first, won, { convert: () => 1 })
      .catch(won, fan, { convert: () => [1, 2, 3] })
      .advance(won, fan, { convert: () => [1, 2, 3] })
      .finish(fan),
  );
}

/** Waits for a promise while the clock goes on. */
async function moving<TValue>(
  clock: ReturnType<typeof manualClock>,
  promise: Promise<TValue>,
): Promise<TValue> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  promise.then(end, end);
  while (!isOver) await clock.advance(1);
  return promise;
}

describe("P17: ctx.once in a run that is stopped at random", () => {
  it(`makes each value at most once, and none for work that was given up, over ${KEYS} keys`, async () => {
    const chance = seededRandom(seed);
    const pick = (below: number): number => Math.floor(chance() * below);
    let keys = 0;
    let runs = 0;
    const seen = { suspended: 0, cancelled: 0, completed: 0, failed: 0, refused: 0, twice: 0, late: 0 };
    while (keys < KEYS) {
      const made = world(pick);
      const { clock, ledger } = made;
      const flow = flowOf(made, pick);
      const store = memoryStore();
      const hostOf = () => new DurableHost(store, { clock, durability: levels[pick(3)]! });
      const isKept = pick(4) > 0;
      const options = { grace: 500, runId: "r" };
      let host = hostOf();
      let run: Run<unknown> = flow.start(1, isKept ? { ...options, host } : { ...options, clock });
      while (!["completed", "failed", "cancelled"].includes(run.status)) {
        await clock.advance(1 + pick(40));
        const dice = pick(30);
        if (dice === 0) await moving(clock, run.cancel("enough"));
        else if (dice < 4 && isKept && run.status === "running") {
          await moving(clock, run.suspend());
          const stored = await store.get("r");
          if (stored?.status !== "running") break;
          seen.suspended += 1;
          host = hostOf();
          run = await host.resume(flow, "r", { grace: 500 });
        }
      }
      // What was given up goes on for a while.
      await clock.advance(1_000);
      if (run.status === "cancelled" || run.status === "completed" || run.status === "failed") {
        seen[run.status] += 1;
      }
      runs += 1;
      keys += ledger.made.size;
      seen.refused += ledger.refused;
      seen.late += ledger.late;
      for (const times of ledger.made.values()) if (times > 1) seen.twice += 1;
    }

    figure(
      `ctx.once in memory: ${keys} keys in ${runs} runs, ${seen.suspended} suspensions, ${seen.cancelled} cancelled, ` +
        `${seen.completed} completed; ${seen.refused} calls refused, ${seen.twice} made twice, ${seen.late} made late`,
    );
    expect(seen.twice).toBe(0);
    expect(seen.late).toBe(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.suspended).toBeGreaterThan(0);
    expect(seen.cancelled).toBeGreaterThan(0);
  });
});

/** What every durable host does, as tests: flows of every kind, each with a crash before and after every write. */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import { DurableHost, type DurableHostOptions, type JournalStore } from "@orch/core/host";
import { afterEach, describe, expect, it } from "vitest";
import { faultyStore } from "./faulty-store.ts";
import { type HostFlow, hostFlows } from "./host-flows.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";

/** Where the runs of a test are kept. */
export interface HostPlace {
  /** Opens a store on the place; called once per host, so several times on one place. */
  readonly store: () => JournalStore;
  /** Called after the test. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** How hosts are tried. */
export interface HostConformanceOptions extends Pick<DurableHostOptions, "durability"> {
  /** How often a run crashes at most on its way. Default 1; with 2 every pair of neighbouring writes is tried. */
  readonly crashes?: 1 | 2;
}

const RUN = "run-1";
const LEASE = 30_000;

/**
 * Describes the tests that a durable host passes on a store, in vitest. `make` gives a fresh, empty place each time.
 *
 * @example
 * ```ts
 * describe("on SQLite", () => hostConformance(() => ({ store: () => sqliteStore(freshFile()) })));
 * ```
 */
export function hostConformance(
  make: () => HostPlace | Promise<HostPlace>,
  options: HostConformanceOptions = {},
): void {
  const { durability = "step", crashes = 1 } = options;
  let places: HostPlace[] = [];
  const fresh = async (): Promise<HostPlace> => {
    const place = await make();
    places.push(place);
    return place;
  };
  afterEach(async () => {
    for (const place of places) await place.cleanUp?.();
    places = [];
  });

  describe.each(hostFlows.map((flow) => [flow.name, flow] as const))("%s", (_name, flow) => {
    it("ends as it does in memory", async () => {
      const life = new Life(flow, await fresh(), durability);
      await life.live();
      life.judge();
      await life.judgeJournal();
    });

    for (const kept of [false, true]) {
      it(`ends so with a crash ${kept ? "after" : "before"} every write is on disk`, async () => {
        for (let at = 1; ; at++) {
          const life = new Life(flow, await fresh(), durability);
          const met = await life.live({ at, kept });
          if (!met) break;
          if (crashes === 2) await life.live({ at: 1, kept });
          await life.live();
          life.judge();
          await life.judgeJournal();
        }
      });
    }
  });
}

/** One run over several processes, as they would live one after another. */
class Life {
  readonly #flow: HostFlow;
  readonly #place: HostPlace;
  readonly #durability: NonNullable<DurableHostOptions["durability"]>;
  readonly #clock: ManualClock = manualClock();
  readonly #orchestration: Orchestration<unknown, unknown>;
  /** Paths in the order they were executed. */
  readonly #executed: string[] = [];
  /** Paths that were committed when a process began. */
  #committed = new Set<string>();
  readonly #again: string[] = [];
  #ending: unknown;
  readonly #opened: JournalStore[] = [];

  constructor(flow: HostFlow, place: HostPlace, durability: "step" | "group" | "end") {
    this.#flow = flow;
    this.#place = place;
    this.#durability = durability;
    this.#orchestration = flow.make((path) => {
      this.#executed.push(path);
      if (this.#committed.has(path)) this.#again.push(path);
    }) as Orchestration<unknown, unknown>;
  }

  /** Lives until the run has ended or the process crashed. Gives whether it crashed. */
  async live(fault?: { readonly at: number; readonly kept: boolean }): Promise<boolean> {
    const own = this.#place.store();
    this.#opened.push(own);
    const store = fault === undefined ? own : faultyStore(own, fault);
    // The claim of the process before has to pass.
    await this.#clock.advance(LEASE + 1);
    const host = new DurableHost(store, { durability: this.#durability, clock: this.#clock, lease: LEASE });
    try {
      const run = await this.#begin(host, own);
      this.#ending = await this.#drive(run);
      return false;
    } catch (error) {
      if (fault === undefined || !isFault(error)) throw error;
      return true;
    } finally {
      // What a dead process had under way ends with it.
      await this.#clock.advance(0);
    }
  }

  /** Whether it ended as it should, and nothing that was committed ran again. */
  judge(): void {
    expect(this.#ending).toEqual(this.#flow.ending);
    expect(this.#again).toEqual([]);
    for (const path of this.#flow.executed ?? []) expect(this.#executed).toContain(path);
  }

  /** Whether the journal tells one story: every start has its end, numbers rise, and the end comes once. */
  async judgeJournal(): Promise<void> {
    const host = new DurableHost(this.#place.store(), { clock: this.#clock });
    const events = await host.events(this.#orchestration as never, RUN);
    const open = new Set<string>();
    let last = 0;
    for (const event of events) {
      expect(event.seq).toBeGreaterThan(last);
      last = event.seq;
      if (event.type === "state.started") {
        expect(open.has(event.path)).toBe(false);
        open.add(event.path);
      }
      if (event.type === "state.completed" || event.type === "state.failed") {
        expect(open.delete(event.path)).toBe(true);
      }
    }
    expect([...open]).toEqual([]);
    expect(events.filter(isTerminal)).toHaveLength(1);
    expect(isTerminal(events.at(-1)!)).toBe(true);
    for (const store of this.#opened) await store.close();
    await host.close();
  }

  async #begin(host: DurableHost, store: JournalStore): Promise<Run<unknown>> {
    const records = await store.load(RUN);
    if (records === undefined) {
      this.#committed = new Set();
      return this.#orchestration.start(this.#flow.input, { host, runId: RUN, clock: this.#clock, grace: 50 });
    }
    this.#committed = new Set(records.flatMap(({ type, path }) => (type === "committed" ? [path] : [])));
    return host.resume(this.#orchestration as Orchestration<never, unknown>, RUN, { grace: 50 });
  }

  /** Answers what is asked and lets time pass until the run has ended. */
  async #drive(run: Run<unknown>): Promise<unknown> {
    let ending: { readonly output: unknown } | { readonly error: unknown } | undefined;
    run.result.then(
      (output) => {
        ending = { output };
      },
      (error: unknown) => {
        ending = { error };
      },
    );
    for (let turn = 0; turn < 1_000 && ending === undefined; turn++) {
      await this.#clock.advance(turn % 2 === 0 ? 0 : 100);
      if (this.#flow.cancel?.(run) === true) void run.cancel("enough");
      const [question] = run.questions;
      if (question === undefined || ending !== undefined) continue;
      const answer = this.#flow.answers?.[question.id];
      if (answer !== undefined) await run.answer(question.id, answer).catch(forgiveLate);
    }
    if (ending === undefined) return expect.fail(`the run never ended: ${JSON.stringify(run.describe())}`);
    if ("output" in ending) return ending;
    if (isFault(ending.error)) throw ending.error;
    return { code: codeOf(ending.error) };
  }
}

/** An answer may find the run ended; a store that failed is a crash. */
function forgiveLate(error: unknown): void {
  const code = codeOf(error);
  if (code !== "ORCH_UNKNOWN_QUESTION" && code !== "ORCH_ALREADY_ANSWERED") throw error;
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function isFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "ORCH_FAULT") return true;
  return code === "ORCH_NOT_WRITTEN" && isFault((error as Error).cause);
}

function isTerminal({ type }: OrchestrationEvent): boolean {
  return type === "run.completed" || type === "run.failed" || type === "run.cancelled";
}

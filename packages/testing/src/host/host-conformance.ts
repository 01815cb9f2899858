/** The tests that every host passes: flows of every kind, each with a crash before and after every write. */
import { type Orchestration, type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import { afterEach, describe, expect, it } from "vitest";
import { FaultError } from "../errors/fault-error.ts";
import type { HostFlow } from "./host-flow.ts";
import { hostFlows } from "./host-flows.ts";
import { HostLife } from "./host-life.ts";
import type { HostCrash, HostProcess, HostUnderTest } from "./host-under-test.ts";

/** The memory of this process, where a run lives without a host. */
const MEMORY: HostProcess = {
  hasCrashed: () => false,
  resume: () => Promise.reject(new FaultError({ door: "memory", passage: 0 })),
};

/** The kept events of a flow without their order, because completions that are ready together may be taken in any order. A run may wait more often when its questions come one after another. */
function told(events: readonly OrchestrationEvent[], { isRace }: HostFlow): string[] {
  return events
    .flatMap(({ type, path, part }) => {
      if (part !== undefined || type === "run.waiting") return [];
      return isRace === true && !type.startsWith("run.") ? [] : [`${type} ${path}`];
    })
    .sort();
}

/** How hosts are tried. */
export interface HostConformanceOptions {
  /** How often a run crashes at most on its way. Default 1; with 2 the process that takes the run up crashes at the first thing it keeps too. */
  readonly crashes?: 1 | 2;
  /**
   * Where a process is dear: of the places at which a run can crash, each n-th is tried, beginning at another one in each
   * flow. `Infinity`: none. Default 1.
   */
  readonly crashEvery?: number;
}

/**
 * Describes the tests that a host passes, in vitest. `make` gives a host on a fresh, empty place each time. What a host
 * does not claim by its capabilities is left out.
 *
 * @example
 * ```ts
 * describe("my host", () => hostConformance(() => myHostUnderTest()));
 * ```
 */
export function hostConformance(
  make: () => HostUnderTest | Promise<HostUnderTest>,
  options: HostConformanceOptions = {},
): void {
  const { crashes = 1, crashEvery = 1 } = options;
  let made: HostUnderTest[] = [];
  const fresh = async (): Promise<HostUnderTest> => {
    const host = await make();
    made.push(host);
    return host;
  };
  afterEach(async () => {
    for (const host of made) await host.close?.();
    made = [];
  });

  it("accepts a start, and refuses a second one under its id in each place that tells", async () => {
    await startTwice(await fresh());
  });

  describe.each(hostFlows.map((flow, place) => [flow.name, flow, place] as const))(
    "%s",
    (_name, flow, place) => {
      const live = async (crashes: readonly HostCrash[]): Promise<boolean> =>
        liveThrough(flow, await fresh(), crashes);

      it("ends as it does in memory, or is refused by name", async () => {
        const host = await fresh();
        if (can(flow, host)) await live([]);
        else expect(() => startOn(flow, host)).toThrow(expect.objectContaining({ code: "ORCH_OPTION" }));
      });

      it("tells what it tells in memory", async ({ skip }) => {
        const host = await fresh();
        if (!can(flow, host)) skip();
        await tellTheSame(flow, host);
      });

      for (const kept of [false, true]) {
        it(`ends so with a crash ${kept ? "after" : "before"} every write is on disk`, async ({ skip }) => {
          const host = await fresh();
          if (!host.capabilities.keeps || !can(flow, host) || crashEvery === Number.POSITIVE_INFINITY) skip();
          const more = crashes === 2 ? [{ at: 1, kept }] : [];
          for (let at = 1 + (place % crashEvery); await live([{ at, kept }, ...more]); at += crashEvery);
        });
      }
    },
  );
}

/** Runs a flow with one process per crash, then a last one that ends it. Returns whether all crashes happened. */
async function liveThrough(
  flow: HostFlow,
  host: HostUnderTest,
  crashes: readonly HostCrash[],
): Promise<boolean> {
  const life = new HostLife(flow, { clock: host.clock });
  let process = host.begin(crashes[0]);
  let met = 0;
  while ((await life.live(process)) === "crashed") {
    met += 1;
    process = host.begin(crashes[met]);
  }
  expect(life.problems()).toEqual([]);
  expect(await life.storyProblems(host.begin())).toEqual([]);
  return met === crashes.length;
}

/** Whether a host can do what a flow needs. */
function can({ needs }: HostFlow, { capabilities }: HostUnderTest): boolean {
  return needs === undefined || capabilities[needs] === true;
}

/** Runs a flow on a host and in memory. */
async function tellTheSame(flow: HostFlow, host: HostUnderTest): Promise<void> {
  const [here, inMemory] = [new HostLife(flow, { clock: host.clock }), new HostLife(flow)];
  await here.live(host.begin());
  await inMemory.live(MEMORY);
  if (flow.isForPlain === true) return;
  expect(inMemory.problems()).toEqual([]);
  expect(told(await here.story(host.begin()), flow)).toEqual(told(await inMemory.story(MEMORY), flow));
}

/** Starts a flow on a host. */
function startOn({ make, input }: HostFlow, { begin }: HostUnderTest): void {
  const { host } = begin();
  (make(() => {}) as Orchestration<unknown, unknown>).start(input, { ...(host && { host }) });
}

/** Starts a run, and then another under its id. */
async function startTwice({ begin, capabilities, clock }: HostUnderTest): Promise<void> {
  const { host } = begin();
  // Where nothing is kept, an id tells runs apart and no more.
  if (host === undefined || !capabilities.keeps) return;
  const moves = async <TValue>(promise: Promise<TValue>): Promise<TValue> => {
    await clock?.advance(0);
    return promise;
  };
  const shout = runnable("shout", (x: string) => `${x}!`);
  const flow = orchestration("starting", (o) => o.start(shout).finish(shout));
  const first = flow.start("one", { host, runId: "taken" });
  await moves(first.accepted);
  expect(await moves(first.result)).toBe("one!");
  const second = flow.start("two", { host, runId: "taken" });
  const refusal = { code: "ORCH_RUN_EXISTS" };
  await expect(moves(second.accepted)).rejects.toMatchObject(refusal);
  await expect(second.result).rejects.toMatchObject(refusal);
  expect(second.status).toBe("refused");
  const events: OrchestrationEvent[] = [];
  for await (const event of second.events()) events.push(event);
  expect(events).toMatchObject([{ type: "run.refused", error: refusal }]);
}

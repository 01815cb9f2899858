import {
  all,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  runnable,
  sleep,
} from "@orch/core";
import { DurableHost, type Host, memoryStore } from "@orch/core/host";
import { type ManualClock, manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Flows that end after a minute, in which nothing else happens. */
const flows: { readonly [wait: string]: () => Orchestration<number, unknown> } = {
  sleep: () => {
    const nap = sleep<number>("nap", MINUTE);
    return orchestration("f", (o) => o.start(nap).finish(nap));
  },
  "the timeout of a question": () => {
    const ask = question("ask", { ask: "well?", answer: z.number(), timeout: MINUTE });
    return orchestration("f", (o) => o.start(ask).finish(ask));
  },
  "a deadline": () => {
    const ask = question("ask", { ask: "well?", answer: z.number() });
    return orchestration("f", (o) => o.start(ask).finish(ask), { deadline: MINUTE });
  },
  "a deadline of an orchestration inside": () => {
    const ask = question("ask", { ask: "well?", answer: z.number() });
    const inner = orchestration("inner", (o) => o.start(ask).finish(ask), { deadline: MINUTE });
    return orchestration("f", (o) => o.start(inner).finish(inner));
  },
  "a pause before a retry": () => {
    let calls = 0;
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: MINUTE, longestDelay: MINUTE, jitter: false },
      invoke: (_: number) => {
        calls += 1;
        if (calls === 1) throw new Error("not yet");
        return calls;
      },
    });
    return orchestration("f", (o) => o.start(flaky).finish(flaky));
  },
};

/** Ends within one process only: what was being done when a process ended is done again. */
const hanging = (): Orchestration<number, unknown> => {
  const hangs = runnable({
    id: "hangs",
    timeout: MINUTE,
    invoke: (_: number, { signal }) =>
      new Promise<number>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  return orchestration("f", (o) => o.start(hangs).finish(hangs));
};

const steps = { forward: DAY, back: -DAY } as const;

/** How long a run goes on from now. */
async function rest(run: Run<unknown>, clock: ManualClock): Promise<number> {
  const before = clock.elapsed!();
  let after: number | undefined;
  run.result.then(
    () => {
      after = clock.elapsed!();
    },
    () => {
      after = clock.elapsed!();
    },
  );
  // At most five minutes, a second at a time; a claim that is renewed sets timers for ever.
  for (let second = 0; second <= 300 && after === undefined; second++) await clock.advance(1_000);
  return (after ?? Number.POSITIVE_INFINITY) - before;
}

describe.each(Object.entries(steps))("P12: clock steps: a clock that is set a day %s", (_way, step) => {
  describe.each(Object.entries({ ...flows, "the timeout of an attempt": hanging }))("%s", (_wait, flowOf) => {
    const hosts: { readonly [name: string]: (clock: ManualClock) => Host | undefined } = {
      memory: () => undefined,
      "a durable host": (clock) => new DurableHost(memoryStore(), { clock }),
    };
    it.each(Object.keys(hosts))("neither stretches nor cuts it in one process, in %s", async (name) => {
      const clock = manualClock();
      const host = hosts[name]!(clock);
      const run = flowOf().start(1, host === undefined ? { clock } : { host, clock });
      const events: OrchestrationEvent[] = [];
      const reading = (async () => {
        for await (const event of run.events()) events.push(event);
      })();
      run.result.catch(() => {});
      await clock.advance(20_000);
      clock.set(clock.now() + step);

      expect(await rest(run, clock)).toBe(40_000);
      await reading;
      const durations = events.flatMap((event) => ("duration" in event ? [event.duration] : []));
      expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
    });
  });

  it.each(Object.keys(flows))("does not stretch %s over a restart", async (name) => {
    const clock = manualClock();
    const host = new DurableHost(memoryStore(), { clock });
    const flow = flows[name]!();
    const run = flow.start(1, { host, runId: "r" });
    run.result.catch(() => {});
    await clock.advance(20_000);
    await run.suspend();
    clock.set(clock.now() + step);
    const resumed = await host.resume(flow as Orchestration<never, unknown>, "r");
    resumed.result.catch(() => {});

    expect(await rest(resumed, clock)).toBe(step > 0 ? 0 : MINUTE);
  });
});

it("clock steps: a sleep of a journal from before its length was kept ends when it is due", async () => {
  const clock = manualClock(1_000);
  const store = memoryStore();
  const host = new DurableHost(store, { clock });
  const flow = flows["sleep"]!() as Orchestration<never, unknown>;
  const made = flow.start(1 as never, { host, runId: "new" });
  made.result.catch(() => {});
  await clock.advance(0);
  await made.suspend();
  const kept = (await store.load("new"))!.map((record) =>
    record.type === "slept" ? { ...record, value: "61000" } : record,
  );
  const { runId: _id, ...run } = (await store.get("new"))!;
  const claim = await store.create({ ...run, runId: "old" }, kept, 0);
  if (claim !== "exists") await store.release([claim]);
  const resumed = await host.resume(flow, "old");

  expect(await rest(resumed, clock)).toBe(MINUTE);
});

it("clock steps: the timeout of a question that is open again after a retry starts again", async () => {
  const clock = manualClock();
  const host = new DurableHost(memoryStore(), { clock });
  let isBroken = true;
  const fragile = runnable("fragile", (n: number) => {
    if (isBroken) throw new Error("down");
    return n;
  });
  const ask = question("ask", { ask: "well?", answer: z.number(), timeout: MINUTE });
  const both = all("both", { ask, fragile });
  const flow = orchestration("f", (o) => o.start(both).finish(both));
  await flow.run(1, { host, runId: "r" }).catch(() => {});
  isBroken = false;
  await clock.advance(DAY);
  const run = await host.retry(flow, "r");
  await clock.advance(50_000);
  await run.answer("f/both#1[ask]/ask#1", 2);

  expect(await run.result).toEqual({ ask: 2, fragile: 1 });
});

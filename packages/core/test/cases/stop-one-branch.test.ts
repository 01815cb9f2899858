/** One of many branches in the background is stopped by its name from outside, and the others go on (docs/orchestrations.md). */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DurableHost } from "../../src/durable/durable-host.ts";
import { memoryStore } from "../../src/durable/memory-store.ts";
import {
  background,
  collect,
  each,
  type Orchestration,
  orchestration,
  question,
  type Run,
  race,
  runnable,
  sharedState,
  signal,
  until,
} from "../../src/index.ts";

const stop = signal("stop", z.object({ job: z.string() }));
const stops = sharedState("stops", {
  jobs: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
});

const listening = orchestration<unknown, string>("listening", (o) => {
  const heard = until("heard", { signal: stop });
  const note = runnable("note", (job: string, ctx) => {
    ctx.state(stops).add("jobs", [job]);
    return job;
  });
  return o
    .start(heard)
    .advance(heard, note, { convert: ({ value }) => value.job })
    .advance(note, heard, { when: (job) => job !== "none" })
    .finish(note);
});

/** What each job was told: that it was aborted, or that it is done. */
let told: string[] = [];

function desk(): Orchestration<readonly string[], unknown> {
  const work = runnable("work", (job: string, ctx) => {
    if (job === "quick") return `${job} is done`;
    return new Promise<string>((_, reject) => {
      ctx.signal.addEventListener("abort", () => {
        told.push(`${job} is aborted`);
        reject(ctx.signal.reason);
      });
    });
  });
  const stopped = until("stopped", {
    when: (job: string, ctx) => ctx.state(stops).get("jobs").includes(job),
  });
  const jobs = background("jobs", each("each", race("job", { work, stopped }), { settled: true }));
  const listener = background<readonly string[], string>("listener", listening);
  const talk = question("talk", { ask: () => "anything else?", answer: z.string() });
  const results = collect("results", jobs);
  return orchestration<readonly string[], unknown>("desk", (o) =>
    o.start(listener).advance(listener, jobs).advance(jobs, talk).advance(talk, results).finish(results),
  );
}

const turns = async (): Promise<void> => {
  for (let count = 0; count < 20; count++) await new Promise((resolve) => setImmediate(resolve));
};

const right = ["quick is done", { by: "condition" }, { by: "condition" }];
const valuesOf = (end: unknown): unknown => (end as { value: unknown }[]).map(({ value }) => value);

describe("one of many branches in the background", () => {
  it("is stopped by its name, and the others go on, in memory", async () => {
    told = [];
    const run = desk().start(["quick", "slow", "long"]);
    await turns();
    await run.signal(stop, { job: "slow" });
    await turns();
    expect(told).toEqual(["slow is aborted"]);
    expect(run.describe().open.map(({ path }) => path)).toContain(
      "desk/jobs#1[each]/each#1[2]/job#1[work]/work#1",
    );
    await run.answer("desk/talk#1", "no");
    await run.signal(stop, { job: "long" });
    expect(valuesOf(await run.result)).toEqual(right);
    expect(told).toEqual(["slow is aborted", "long is aborted"]);
  });

  it.each([1, Number.POSITIVE_INFINITY])(
    "is stopped wherever the run is driven, and stays so over a restart, with a snapshot after %s records",
    async (snapshotAfter) => {
      told = [];
      const store = memoryStore();
      const clock = manualClock(0);
      const host = () => new DurableHost(store, { clock, snapshotAfter });
      const flow = desk() as unknown as Orchestration<never, unknown>;
      const first = flow.start(["quick", "slow", "long"] as never, { host: host(), runId: "r" });
      first.result.catch(() => {});
      await turns();
      await first.suspend();
      // No process drives it, and it is sent twice.
      await host().signal(flow, "r", stop, { job: "slow" }, { key: "slow" });
      await host().signal(flow, "r", stop, { job: "slow" }, { key: "slow" });

      const again: Run<unknown> = await host().resume(flow, "r");
      again.result.catch(() => {});
      await turns();
      await again.suspend();
      const run = await host().resume(flow, "r");
      run.result.catch(() => {});
      await turns();
      const open = run.describe().open.map(({ path }) => path);
      expect(open).toContain("desk/jobs#1[each]/each#1[2]/job#1[work]/work#1");
      expect(open).not.toContain("desk/jobs#1[each]/each#1[1]/job#1[work]/work#1");
      // Another process, while this one drives it.
      await host().answer(flow, "r", "desk/talk#1", "no");
      await run.signal(stop, { job: "long" });
      expect(valuesOf(await run.result)).toEqual(right);
    },
  );
});

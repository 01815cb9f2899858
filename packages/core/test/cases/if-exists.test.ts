/** One call starts a run, takes it up where it stands, or gives its end; the store decides. */
import { describe, expect, it } from "vitest";
import { ClientHost, DurableHost, memoryHost, memoryStore, type RunClient } from "../../src/host.ts";
import {
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  type Runnable,
  runnable,
  type Schema,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, id = "flow") {
  return orchestration(id, (o) => o.start(only).finish(only));
}

async function told(run: Run<unknown>): Promise<string[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  expect(events.filter((event) => !("part" in event)).map(({ seq }) => seq)).toEqual(
    events.filter((event) => !("part" in event)).map((_, at) => at + 1),
  );
  return events.map(({ type }) => type);
}

const levels = ["step", "group", "end"] as const;

describe("starting a run whose id may be taken", () => {
  it.each(levels)(
    "E05: starts it, tries it again after a failure, and gives its end (%s)",
    async (durability) => {
      let up = false;
      let calls = 0;
      const work = runnable("a", (x: string) => {
        calls += 1;
        if (!up) throw new Error("down");
        return x;
      });
      const flow = alone(work, "f");
      const host = memoryHost({ durability });
      const once = () => flow.run("x", { host, runId: "order-7", ifExists: "retry" });

      await expect(once()).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
      up = true;
      expect(await once()).toBe("x");
      expect(await once()).toBe("x");
      expect(calls).toBe(2);
    },
  );

  it("E05, further: resumes a run that stopped in the middle, and tells its whole story", async () => {
    const store = memoryStore();
    const q = question("q", { ask: (x: string) => x, answer: anything });
    const flow = alone(q);
    const first = flow.start("one", { host: new DurableHost(store), runId: "r" });
    while (first.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
    await first.suspend();
    const second = flow.start("two", { host: new DurableHost(store), runId: "r", ifExists: "resume" });
    await second.accepted;
    while (second.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
    const events = told(second);
    expect(second.questions).toMatchObject([{ id: "flow/q#1", prompt: "one" }]);
    await second.answer("flow/q#1", "yes");

    expect(await second.result).toBe("yes");
    expect((await events).filter((type) => type !== "run.waiting")).toEqual([
      "run.started",
      "state.started",
      "question.asked",
      "question.answered",
      "state.completed",
      "run.completed",
    ]);
  });

  it("E05, further: gives the failure of a run that failed, and tries it again only when asked to", async () => {
    let calls = 0;
    const flow = alone(
      runnable("fails", () => {
        calls += 1;
        throw new Error("no");
      }),
    );
    const host = memoryHost();
    const go = (ifExists: "resume" | "retry") =>
      flow.run(undefined, { host, runId: "r", ifExists }).catch((error: { code: string }) => error.code);

    expect([await go("resume"), await go("resume"), await go("retry")]).toEqual(
      Array(3).fill("ORCH_RUNNABLE_FAILED"),
    );
    expect(calls).toBe(2);
  });

  it("E05, further: leaves a cancelled run cancelled", async () => {
    const host = memoryHost();
    const flow = alone(runnable("endless", () => new Promise<string>(() => {})));
    const run = flow.start(undefined, { host, runId: "r", grace: 0 });
    await run.accepted;
    await run.cancel("enough");

    await expect(flow.run(undefined, { host, runId: "r", ifExists: "retry" })).rejects.toMatchObject({
      code: "ORCH_CANCELLED",
    });
  });

  it.each(levels)(
    "E05, further: of many calls at once in one process one drives, and all have its end (%s)",
    async (durability) => {
      let calls = 0;
      const flow = alone(
        runnable("once", async (x: string) => {
          calls += 1;
          await new Promise((resolve) => setImmediate(resolve));
          return x;
        }),
      );
      const host = memoryHost({ durability });
      const runs = Array.from({ length: 8 }, (_, n) =>
        flow.start(`${n}`, { host, runId: "r", ifExists: "resume" }),
      );
      const stories = runs.map(told);
      const outputs = await Promise.all(runs.map((run) => run.result));

      expect(new Set(outputs)).toEqual(new Set(["0"]));
      expect(calls).toBe(1);
      expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["completed"]));
      const whole = ["run.started", "state.started", "state.completed", "run.completed"];
      expect(await Promise.all(stories)).toEqual(Array(8).fill(whole));
    },
  );

  it("E05, further: tries a failed run again once for many calls at once", async () => {
    let up = false;
    let calls = 0;
    const flow = alone(
      runnable("a", async (x: string) => {
        calls += 1;
        await new Promise((resolve) => setImmediate(resolve));
        if (!up) throw new Error("down");
        return x;
      }),
    );
    const host = memoryHost();
    const once = () => flow.run("x", { host, runId: "r", ifExists: "retry" });
    const failed = await Promise.allSettled([once(), once(), once()]);
    expect(failed.map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    expect(calls).toBe(1);
    up = true;

    expect(await Promise.all([once(), once(), once(), once()])).toEqual(Array(4).fill("x"));
    expect(calls).toBe(2);
  });

  it("E05, further: of two processes at once one drives, and the other is told who", async () => {
    const store = memoryStore();
    const door = Promise.withResolvers<void>();
    let calls = 0;
    const flow = alone(
      runnable("once", async (x: string) => {
        calls += 1;
        await door.promise;
        return x;
      }),
    );
    const runs = ["a", "b"].map((x) =>
      flow.start(x, { host: new DurableHost(store), runId: "r", ifExists: "retry" }),
    );
    const [drives, told] = await Promise.allSettled(runs.map((run) => run.accepted));
    expect(drives).toMatchObject({ status: "fulfilled" });
    expect(told).toMatchObject({ status: "rejected", reason: { code: "ORCH_RUN_HELD" } });
    expect(runs[1]!.status).toBe("refused");
    door.resolve();

    expect(await runs[0]!.result).toBe("a");
    expect(await flow.run("c", { host: new DurableHost(store), runId: "r", ifExists: "resume" })).toBe("a");
    expect(calls).toBe(1);
  });

  it("E05, further: is joined by a call whose owner is cancelled through it", async () => {
    const host = memoryHost();
    const flow = alone(runnable("endless", () => new Promise<string>(() => {})));
    const first = flow.start(undefined, { host, runId: "r", grace: 0 });
    const second = flow.start(undefined, { host, runId: "r", ifExists: "resume" });
    await second.accepted;
    await second.cancel("enough");

    await expect(first.result).rejects.toMatchObject({ facts: { reason: "enough" } });
    await expect(second.result).rejects.toMatchObject({ facts: { reason: "enough" } });
  });

  it("E05, further: is suspended for all who joined it", async () => {
    const host = memoryHost();
    const flow = alone(runnable("endless", () => new Promise<string>(() => {})));
    const first = flow.start(undefined, { host, runId: "r" });
    const second = flow.start(undefined, { host, runId: "r", ifExists: "resume" });
    await second.accepted;
    await first.suspend();

    await expect(second.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
    expect((await host.get("r"))?.status).toBe("running");
  });

  it("E05, further: refuses what is no run of this orchestration, with one event", async () => {
    const host = memoryHost();
    await alone(
      runnable("a", (x: string) => x),
      "other",
    ).run("x", { host, runId: "r" });
    const run = alone(runnable("b", (x: string) => x)).start("x", { host, runId: "r", ifExists: "resume" });

    expect(await told(run)).toEqual(["run.refused"]);
    expect(run.status).toBe("refused");
    await expect(run.accepted).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
  });

  it("E05, further: a client follows the run that its engine has", async () => {
    const client: RunClient = {
      start: async () => "exists",
      events: async function* () {},
      answer: async () => "unknown",
      cancel: async () => {},
      end: async () => ({ kind: "completed", value: "done" }),
    };
    const host = new ClientHost(client, { capabilities: memoryHost().capabilities });
    const flow = alone(runnable("a", (x: string) => x));

    expect(await flow.run("x", { host, runId: "r", ifExists: "resume" })).toBe("done");
  });

  it("refuses a value that the option does not have, as plain JavaScript may pass it", () => {
    const flow = alone(runnable("a", (x: string) => x));
    expect(() => flow.start("x", { host: memoryHost(), ifExists: "reuse" as never })).toThrow("ifExists");
  });
});

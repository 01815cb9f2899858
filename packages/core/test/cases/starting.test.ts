/** Starting tells the truth, and a run has an owner that can end it. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { ClientHost, DurableHost, memoryHost, memoryStore, type RunClient } from "../../src/host.ts";
import {
  type OrchestrationEvent,
  orchestration,
  type Run,
  type Runnable,
  runnable,
} from "../../src/index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, id = "flow") {
  return orchestration(id, (o) => o.start(only).finish(only));
}

const flow = alone(runnable("shout", (x: string) => `${x}!`));

async function told<TOutput>(run: Run<TOutput>): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

/** Everything that tells of a refused run says so. */
async function expectRefused(run: Run<unknown>, code: string): Promise<void> {
  const events = await told(run);
  expect(run.status).toBe("refused");
  expect(events).toMatchObject([{ type: "run.refused", seq: 0, part: 1, error: { code } }]);
  await expect(run.accepted).rejects.toMatchObject({ code });
  await expect(run.result).rejects.toMatchObject({ code });
  expect(run.describe().status).toBe("refused");
  await run.cancel();
  expect(run.status).toBe("refused");
}

const levels = ["step", "group", "end"] as const;

describe("P18: starting tells the truth", () => {
  it.each(levels)(
    "E04: a second start under a taken id is refused, in each place that tells (%s)",
    async (durability) => {
      const host = memoryHost({ durability });
      await flow.run("one", { host, runId: "r" });
      const second = flow.start("two", { host, runId: "r" });

      await expectRefused(second, "ORCH_RUN_EXISTS");
      expect((await host.get("r"))?.status).toBe("completed");
      expect(await (await host.resume(flow, "r")).result).toBe("one!");
    },
  );

  it.each(levels)(
    "E04, further: so is one beside a run that is driven here, which goes on (%s)",
    async (durability) => {
      const host = memoryHost({ durability });
      const door = Promise.withResolvers<void>();
      const waits = alone(runnable("waits", (x: string) => door.promise.then(() => x)));
      const first = waits.start("one", { host, runId: "r" });
      await first.accepted;
      expect(first.status).toBe("running");
      await expectRefused(waits.start("two", { host, runId: "r" }), "ORCH_RUN_EXISTS");
      door.resolve();

      expect(await first.result).toBe("one");
    },
  );

  it("E04, further: of two starts at once one is accepted", async () => {
    const store = memoryStore();
    const runs = ["a", "b"].map((x) => flow.start(x, { host: new DurableHost(store), runId: "r" }));
    const accepted = await Promise.allSettled(runs.map((run) => run.accepted));
    await Promise.allSettled(runs.map((run) => run.result));

    expect(accepted.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(runs.map(({ status }) => status).toSorted()).toEqual(["completed", "refused"]);
  });

  it.each(levels)("E04, further: an input that cannot be kept is refused (%s)", async (durability) => {
    const dates = alone(runnable("date", (x: Date) => x.getTime()));
    await expectRefused(
      dates.start(new Date(0), { host: memoryHost({ durability }), runId: "r" }),
      "ORCH_NOT_SERIALIZABLE",
    );
  });

  it("E04, further: a start that the store cannot write is refused", async () => {
    const store = memoryStore();
    const full = {
      ...store,
      create: () => {
        throw new Error("the disk is full");
      },
    };
    await expectRefused(flow.start("x", { host: new DurableHost(full) }), "ORCH_NOT_WRITTEN");
  });

  it("E04, further: a client's run is refused where the engine has one of its id", async () => {
    const client: RunClient = {
      start: async () => "exists",
      events: async function* () {},
      answer: async () => "unknown",
      cancel: async () => {},
      end: () => new Promise(() => {}),
    };
    const { capabilities } = memoryHost();
    await expectRefused(
      flow.start("x", { host: new ClientHost(client, { capabilities }), runId: "r" }),
      "ORCH_RUN_EXISTS",
    );
  });

  it("says that a run is accepted before it has ended, in memory and on a host", async () => {
    for (const host of [undefined, memoryHost()]) {
      const door = Promise.withResolvers<string>();
      const run = alone(runnable("waits", () => door.promise)).start(
        undefined,
        host === undefined ? {} : { host },
      );
      await run.accepted;
      expect(run.status).toBe("running");
      door.resolve("x");
      await run.result;
      await run.accepted;
      expect(run.status).toBe("completed");
    }
  });

  it("says that a failed, a suspended and a resumed run were accepted", async () => {
    const fails = alone(
      runnable("fails", () => {
        throw new Error("no");
      }),
    );
    const host = memoryHost();
    const failed = fails.start(undefined, { host, runId: "failed" });
    await failed.result.catch(() => {});
    await failed.accepted;
    expect(failed.status).toBe("failed");

    const waits = alone(runnable("waits", () => new Promise<string>(() => {})));
    const suspended = waits.start(undefined, { host, runId: "suspended" });
    await suspended.suspend();
    await suspended.accepted;
    const resumed = await host.resume(waits, "suspended");
    await resumed.accepted;
    await resumed.cancel();
  });

  it("says that a run whose signal was aborted before was not accepted by its host", async () => {
    const run = flow.start("x", { host: memoryHost(), signal: AbortSignal.abort("no") });
    await run.result.catch(() => {});

    await expect(run.accepted).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(run.status).toBe("cancelled");
  });

  it("harms nothing when nobody looks at a refusal", async () => {
    const host = memoryHost();
    await flow.run("one", { host, runId: "r" });
    const { accepted } = flow.start("two", { host, runId: "r" });
    expect(accepted).toBeInstanceOf(Promise);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("shows the end in the status as soon as the events have ended", async () => {
    const run = flow.start("x");
    for await (const event of run.events())
      if (event.type === "run.completed") expect(run.result).toBeDefined();
    expect(run.status).toBe("completed");
  });
});

describe("the owner of a run", () => {
  const endless = () => alone(runnable("endless", () => new Promise<string>(() => {})));

  it("E03: cancels it when the block is left", async () => {
    const clock = manualClock();
    let seen: Run<string> | undefined;
    const left = (async () => {
      await using run = endless().start(undefined, { clock, grace: 10 });
      seen = run;
      await run.accepted;
    })();
    await clock.advance(10);
    await left;

    expect(seen?.status).toBe("cancelled");
    await expect(seen?.result).rejects.toMatchObject({
      facts: { reason: "the block that owned the run was left" },
    });
  });

  it("E03, further: cancels it on a durable host and when the block throws", async () => {
    const clock = manualClock();
    const host = memoryHost({ clock });
    const left = (async () => {
      await using run = endless().start(undefined, { host, runId: "r", grace: 10 });
      await run.accepted;
      throw new Error("the block failed");
    })();
    left.catch(() => {});
    await clock.advance(10);

    await expect(left).rejects.toThrow("the block failed");
    expect((await host.get("r"))?.status).toBe("cancelled");
  });

  it("E03, further: changes nothing of a run that has ended or was refused", async () => {
    const host = memoryHost();
    {
      await using run = flow.start("x", { host, runId: "r" });
      await run.result;
    }
    {
      await using second = flow.start("x", { host, runId: "r" });
      await second.accepted.catch(() => {});
    }
    expect((await host.get("r"))?.status).toBe("completed");
  });

  it("E03, further: is not who reads its events: leaving the stream does not stop it", async () => {
    const run = flow.start("x");
    for await (const event of run.events()) if (event.type === "run.started") break;

    expect(await run.result).toBe("x!");
  });
});

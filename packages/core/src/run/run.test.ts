import { getEventListeners } from "node:events";
import { manualClock } from "@orch/testing";
import { describe, expect, it, vi } from "vitest";
import { channel, each, type OrchestrationEvent, orchestration, type Run, runnable } from "../index.ts";

async function eventsOf(run: Run<unknown>, from = 1): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events({ from })) events.push(event);
  return events;
}

const waits = runnable(
  "waits",
  (_: unknown, ctx) =>
    new Promise<string>((_resolve, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason), { once: true });
    }),
);
const waiting = orchestration("waiting", (o) => o.start(waits).finish(waits));

describe("cancel", () => {
  it("aborts what runs, ends as cancelled, and ends once", async () => {
    const run = waiting.start("x");
    await run.cancel("not needed");
    await run.cancel("again");

    expect(run.status).toBe("cancelled");
    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_CANCELLED",
      facts: { reason: "not needed" },
    });
    expect((await eventsOf(run)).map((event) => event.type)).toEqual([
      "run.started",
      "state.started",
      "state.failed",
      "run.cancelled",
    ]);
  });

  it("reaches every leaf of nested fan-outs and orchestrations", async () => {
    let aborted = 0;
    const leaf = runnable("leaf", (_: number, ctx) => {
      const { promise, reject } = Promise.withResolvers<never>();
      ctx.signal.addEventListener("abort", () => {
        aborted += 1;
        reject(ctx.signal.reason);
      });
      return promise;
    });
    const inner = each("inner", leaf);
    const middle = orchestration("middle", (o) => o.start(inner).finish(inner));
    const outer = each("outer", middle);
    const run = orchestration("deep", (o) => o.start(outer).finish(outer)).start([
      [1, 2],
      [3, 4],
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    await run.cancel();

    expect(aborted).toBe(4);
    const events = await eventsOf(run);
    const started = events.filter((event) => event.type === "state.started").map((event) => event.path);
    const ended = events.filter((event) => event.type === "state.failed").map((event) => event.path);
    expect(ended.toSorted()).toEqual(started.toSorted());
    expect(events.at(-1)?.type).toBe("run.cancelled");
  });

  it("gives up work that ignores its signal when the grace time is over, and drops what it gives later", async () => {
    const clock = manualClock();
    const late = Promise.withResolvers<string>();
    const deaf = runnable("deaf", () => late.promise);
    const run = orchestration("deafness", (o) => o.start(deaf).finish(deaf)).start(undefined, {
      clock,
      grace: 200,
    });
    await clock.advance(0);
    const cancelled = run.cancel("stop");
    await clock.advance(199);
    expect(run.status).toBe("running");
    await clock.advance(1);
    await cancelled;
    late.resolve("too late");
    await clock.advance(1);

    expect(run.status).toBe("cancelled");
    expect((await eventsOf(run)).at(-1)?.type).toBe("run.cancelled");
  });

  it("drops a result that comes after the cancellation, although it is a success", async () => {
    const slow = Promise.withResolvers<string>();
    const stubborn = runnable("stubborn", () => slow.promise);
    const next = runnable("next", (text: string) => text);
    const flow = orchestration("late", (o) => o.start(stubborn).advance(stubborn, next).finish(next));
    const run = flow.start(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const cancelled = run.cancel();
    slow.resolve("done after all");
    await cancelled;

    expect(run.status).toBe("cancelled");
    expect((await eventsOf(run)).some((event) => event.type === "state.transition")).toBe(false);
  });

  it("follows the signal the run was started with, and leaves no listener on it", async () => {
    const controller = new AbortController();
    const stopped = waiting.start("x", { signal: controller.signal });
    const done = runnable("done", () => "ok");
    await orchestration("done", (o) => o.start(done).finish(done)).run(undefined, {
      signal: controller.signal,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort(new Error("closing"));

    await expect(stopped.result).rejects.toMatchObject({ facts: { reason: "closing" } });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("executes nothing when the signal was aborted before the start", async () => {
    let called = false;
    const never = runnable("never", () => {
      called = true;
    });
    const run = orchestration("still", (o) => o.start(never).finish(never)).start(undefined, {
      signal: AbortSignal.abort(new Error("no")),
    });
    await run.result.catch(() => {});

    expect(called).toBe(false);
    expect((await eventsOf(run)).map((event) => event.type)).toEqual(["run.started", "run.cancelled"]);
  });

  it("gives every state the reason that was given first", async () => {
    const work = runnable("work", (n: number) => new Promise((resolve) => setImmediate(resolve, n)));
    const inner = each("inner", work);
    const inside: unknown[] = [];
    const byHand = runnable("byHand", async (n: number, ctx) => {
      try {
        await inner.invoke([n], ctx);
      } catch (error) {
        inside.push(error);
      }
    });
    const fan = each("fan", byHand);
    const run = orchestration("reasons", (o) => o.start(fan).finish(fan)).start([1, 2]);
    await Promise.resolve();
    await run.cancel("closing");
    const failures = (await eventsOf(run)).filter((event) => event.type === "state.failed");

    expect(failures).toHaveLength(3);
    for (const { error } of failures) expect(error.message).toBe("Cancelled: closing.");
    expect(inside).toMatchObject([{ facts: { reason: "closing" } }, { facts: { reason: "closing" } }]);
  });

  it("leaves a run that has ended as it is", async () => {
    const done = runnable("done", () => "ok");
    const run = orchestration("done", (o) => o.start(done).finish(done)).start(undefined);
    await run.result;
    await run.cancel();

    expect(run.status).toBe("completed");
  });
});

describe("events", () => {
  const double = runnable("double", async (n: number) => n * 2);
  const show = runnable("show", (n: number) => `${n}`);
  const flow = orchestration("flow", (o) =>
    o
      .start(double)
      .advance(double, show, { when: (n) => n > 100, label: "big" })
      .advance(double, show, { when: (n) => n <= 100, label: "small" })
      .finish(show),
  );

  it("come in order, numbered without gaps, from one start to one end", async () => {
    const events = await eventsOf(flow.start(2));

    expect(events.map((event) => event.type)).toEqual([
      "run.started",
      "state.started",
      "state.completed",
      "state.transition",
      "state.started",
      "state.completed",
      "run.completed",
    ]);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("say why the machine moved", async () => {
    const moves = (await eventsOf(flow.start(2))).filter((event) => event.type === "state.transition");

    expect(moves).toMatchObject([
      {
        from: "double",
        to: "show",
        cause: "output",
        advancers: [
          { to: "show", label: "big", verdict: "declined", conditional: true },
          { to: "show", label: "small", verdict: "taken", conditional: true },
        ],
      },
    ]);
  });

  it("are read by several readers, each from where it likes, also after the end", async () => {
    const run = flow.start(2);
    const [one, two] = await Promise.all([eventsOf(run), eventsOf(run)]);
    const late = await eventsOf(run, 6);

    expect(one).toEqual(two);
    expect(late.map((event) => event.seq)).toEqual([6, 7]);
  });

  it("reach the listeners of the orchestration, by type, until they are taken off", async () => {
    const heard: string[] = [];
    const off = flow.on("state.completed", (event) => heard.push(event.state));
    await flow.run(2);
    off();
    await flow.run(2);

    expect(heard).toEqual(["double", "show"]);
  });

  it("go on when a listener throws, which is told to whoever asked", async () => {
    const told: unknown[] = [];
    const heard: string[] = [];
    const offs = [
      flow.on("run.started", () => {
        throw new Error("listener");
      }),
      flow.on("*", (event) => heard.push(event.type)),
    ];
    expect(await flow.run(2, { onListenerError: (error) => told.push(error) })).toBe("4");
    for (const off of offs) off();

    expect(heard).toHaveLength(7);
    expect(told).toMatchObject([{ message: "listener" }]);
  });

  it("go on when a listener rejects, or when nobody can be told of it", async () => {
    const told: unknown[] = [];
    const off = flow.on("run.started", async () => Promise.reject(new Error("listener")));
    const onListenerError = (error: unknown): void => {
      told.push(error);
      throw new Error("and so does this one");
    };
    expect(await flow.run(2, { onListenerError })).toBe("4");
    off();

    // A run does not wait for what its listeners do meanwhile.
    await vi.waitFor(() => expect(told).toMatchObject([{ message: "listener" }]));
  });

  it("are heard no more by a listener that is taken off while a run goes on", async () => {
    const heard: string[] = [];
    const off = flow.on("*", (event) => {
      heard.push(event.type);
      off();
    });
    await flow.run(2);

    expect(heard).toEqual(["run.started"]);
  });

  it("end with run.failed when the run fails, and a rejection that nobody reads harms nothing", async () => {
    const broken = runnable("broken", () => {
      throw new Error("out of paper\nand more");
    });
    const run = orchestration("breaks", (o) => o.start(broken).finish(broken)).start(undefined);
    const events = await eventsOf(run);

    expect(events.at(-1)).toMatchObject({ type: "run.failed", error: { code: "ORCH_RUNNABLE_FAILED" } });
    expect(run.status).toBe("failed");
  });

  it("let a reader stop early", async () => {
    const run = flow.start(2);
    for await (const event of run.events()) if (event.type === "state.started") break;

    expect(await run.result).toBe("4");
  });

  it("keep the newest of a run without end, so that memory stays bounded", async () => {
    const numbers = channel<number>("numbers");
    const chatty = runnable("chatty", (_: unknown, ctx) => {
      for (let n = 0; n < 50_000; n++) ctx.emit(numbers, n);
    });
    const run = orchestration("chat", (o) => o.start(chatty).finish(chatty)).start(undefined);
    await run.result;
    const events = await eventsOf(run);

    expect(events.length).toBeLessThanOrEqual(20_000);
    expect(events.at(-1)?.type).toBe("run.completed");
  });
});

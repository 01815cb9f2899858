import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type Clock,
  channel,
  FatalError,
  type OrchestrationEvent,
  orchestration,
  type Runnable,
  runnable,
  speech,
} from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("one", (o) => o.start(only).finish(only));
}

/** Fails as often as told, then gives the number of the attempt. */
function flaky(failures: number, error: () => Error) {
  return (_input: string, ctx: { readonly attempt: number }): number => {
    if (ctx.attempt <= failures) throw error();
    return ctx.attempt;
  };
}

describe("retry", () => {
  it("tries again after growing waits, and says so", async () => {
    const clock = manualClock();
    const retry = { attempts: 4, firstDelay: 100, jitter: false };
    const flow = alone(runnable({ id: "flaky", retry, invoke: flaky(3, () => new Error("busy")) }));
    const run = flow.start("x", { clock });
    const delays: number[] = [];
    const reading = (async () => {
      for await (const event of run.events()) if (event.type === "state.retrying") delays.push(event.delay);
    })();
    await clock.advance(100 + 200 + 399);
    expect(run.status).toBe("running");
    await clock.advance(1);
    await reading;

    expect(await run.result).toBe(4);
    expect(delays).toEqual([100, 200, 400]);
  });

  it("fails with the last error when its attempts are used up", async () => {
    const clock = manualClock();
    const retry = { attempts: 2, firstDelay: 10 };
    const run = alone(runnable({ id: "flaky", retry, invoke: flaky(9, () => new Error("busy")) })).start(
      "x",
      { clock },
    );
    await clock.advance(10);

    await expect(run.result).rejects.toMatchObject({ facts: { attempt: 2 }, cause: { message: "busy" } });
  });

  it("waits at least as long as the error asks", async () => {
    const clock = manualClock();
    const asks = (): Error => Object.assign(new Error("slow down"), { retryAfter: 5_000 });
    const retry = { attempts: 2, firstDelay: 10 };
    const run = alone(runnable({ id: "flaky", retry, invoke: flaky(1, asks) })).start("x", { clock });
    await clock.advance(4_999);
    expect(run.status).toBe("running");
    await clock.advance(1);

    expect(await run.result).toBe(2);
  });

  it("never tries again after a FatalError, or when its condition says no", async () => {
    const retry = { attempts: 5, firstDelay: 1 };
    const fatal = alone(
      runnable({ id: "f", retry, invoke: flaky(9, () => new FatalError("The account is closed.")) }),
    );
    const refused = alone(
      runnable({
        id: "r",
        retry: { ...retry, when: () => false },
        invoke: flaky(9, () => new Error("busy")),
      }),
    );

    await expect(fatal.run("x")).rejects.toMatchObject({
      facts: { attempt: 1 },
      cause: { code: "ORCH_FATAL" },
    });
    await expect(refused.run("x")).rejects.toMatchObject({ facts: { attempt: 1 } });
  });

  it("ends its wait when the run is cancelled", async () => {
    const clock = manualClock();
    const retry = { attempts: 2, firstDelay: 60_000 };
    const run = alone(runnable({ id: "flaky", retry, invoke: flaky(9, () => new Error("busy")) })).start(
      "x",
      { clock },
    );
    await clock.advance(1);
    await run.cancel("enough");

    expect(run.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });
});

describe("what a runnable throws or gives", () => {
  it.each([
    ["an object without a prototype", Object.create(null), "something that cannot be shown as text"],
    [
      "an object whose text throws",
      { toString: () => alone(null as never) },
      "something that cannot be shown as text",
    ],
    ["an error without a message", new RangeError(), "RangeError"],
    ["an error whose message is no text", Object.assign(new Error("x"), { message: undefined }), "Error"],
    ["an object with a message", { message: "out of paper" }, "out of paper"],
    ["undefined", undefined, "undefined"],
  ])("fails it also with %s", async (_what, thrown, says) => {
    const throws = runnable("throws", () => {
      throw thrown;
    });
    const run = alone(throws).start(undefined);
    const types: string[] = [];
    for await (const event of run.events()) types.push(event.type);

    await expect(run.result).rejects.toThrow(`"throws" failed: ${says} (at one/throws#1)`);
    expect(types).toEqual(["run.started", "state.started", "state.failed", "run.failed"]);
  });

  it("takes the first word of a promise whose then calls back twice, and the next state its own", async () => {
    const twice = runnable("twice", (_: string) => {
      const then = async (tell: (value: string) => void): Promise<void> => {
        tell("first");
        await new Promise((resolve) => setImmediate(resolve));
        tell("second");
      };
      // biome-ignore lint/suspicious/noThenProperty: a broken promise is what this is about
      return Object.defineProperty(Promise.resolve(""), "then", { value: then });
    });
    const next = runnable("next", async (text: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return `${text} next`;
    });
    const flow = orchestration("flow", (o) => o.start(twice).advance(twice, next).finish(next));

    expect(await flow.run("x")).toBe("first next");
  });

  it("fails it when the thenable it gave throws", async () => {
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: a broken thenable is what this is about
      then: () => {
        throw new Error("no promise");
      },
    };
    await expect(alone(runnable("gives", () => broken)).run(undefined)).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: { message: "no promise" },
    });
  });
});

describe("timeout", () => {
  const forever = (_input: string, ctx: { readonly signal: AbortSignal }): Promise<never> =>
    new Promise((_resolve, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason));
    });

  it("aborts the attempt and fails it", async () => {
    const clock = manualClock();
    const run = alone(runnable({ id: "slow", timeout: 100, invoke: forever })).start("x", { clock });
    await clock.advance(100);

    await expect(run.result).rejects.toMatchObject({
      cause: { code: "ORCH_TIMEOUT", facts: { timeout: 100 } },
    });
    expect(clock.pending()).toBe(0);
  });

  it("fails a runnable that ignores its signal", async () => {
    const clock = manualClock();
    const deaf = runnable({ id: "deaf", timeout: 100, invoke: () => new Promise<never>(() => {}) });
    const run = alone(deaf).start(undefined, { clock });
    await clock.advance(100);

    await expect(run.result).rejects.toMatchObject({ cause: { code: "ORCH_TIMEOUT" } });
  });

  it("is per attempt, and may be tried again", async () => {
    const clock = manualClock();
    const retry = { attempts: 2, firstDelay: 10, jitter: false };
    const invoke = (input: string, ctx: { readonly attempt: number; readonly signal: AbortSignal }) =>
      ctx.attempt === 1 ? forever(input, ctx) : Promise.resolve("done");
    const run = alone(runnable({ id: "slow", timeout: 100, retry, invoke })).start("x", { clock });
    await clock.advance(110);

    expect(await run.result).toBe("done");
    expect(clock.pending()).toBe(0);
  });

  it("leaves no timer behind when the attempt is in time", async () => {
    const clock = manualClock();
    await alone(runnable({ id: "quick", timeout: 100, invoke: (text: string) => text })).run("x", { clock });

    expect(clock.pending()).toBe(0);
  });
});

describe("schemas", () => {
  const query = runnable({
    id: "query",
    input: z.object({ text: z.string().trim().min(1) }),
    output: z.object({ hits: z.array(z.string()) }),
    invoke: ({ text }) => ({ hits: text === "bad" ? (7 as never) : [text] }),
  });

  it("hand the runnable the parsed input", async () => {
    expect(await alone(query).run({ text: "  word " })).toEqual({ hits: ["word"] });
  });

  it("refuse an input that does not fit, by the place in it, and do not try again", async () => {
    const tried: OrchestrationEvent[] = [];
    const flow = alone(
      runnable({ id: "strict", input: z.object({ n: z.number() }), retry: { attempts: 3 }, invoke: () => 1 }),
    );
    flow.on("state.retrying", (event) => tried.push(event));

    await expect(flow.run({ n: "one" } as never)).rejects.toMatchObject({
      cause: { code: "ORCH_INVALID_INPUT", message: expect.stringContaining("n: Invalid input") },
    });
    expect(tried).toEqual([]);
  });

  it("keep a runnable from being called when the run is cancelled while its input is checked", async () => {
    const checked = Promise.withResolvers<void>();
    let called = false;
    const slow = z.string().refine(() => checked.promise.then(() => true));
    const invoke = (): void => {
      called = true;
    };
    const run = alone(runnable({ id: "late", input: slow, invoke })).start("x");
    await new Promise((resolve) => setImmediate(resolve));
    const cancelled = run.cancel();
    checked.resolve();
    await cancelled;

    expect(called).toBe(false);
  });

  it("refuse an output that does not fit, by the place in it", async () => {
    await expect(alone(query).run({ text: "bad" })).rejects.toMatchObject({
      cause: { code: "ORCH_INVALID_OUTPUT", message: expect.stringContaining("hits: Invalid input") },
    });
  });
});

describe("the context", () => {
  it("tells the time of a clock that is a class", async () => {
    class Fixed implements Clock {
      readonly #time = 7;
      readonly after: Clock["after"] = () => () => {};
      now(): number {
        return this.#time;
      }
    }
    const tell = runnable("tell", (_: string, { now }) => now());

    expect(
      await orchestration("flow", (o) => o.start(tell).finish(tell)).run("", { clock: new Fixed() }),
    ).toBe(7);
  });

  it("names the activation, the visit and the attempt, and a key for outside services", async () => {
    const seen: string[] = [];
    const round = runnable("round", (n: number, ctx) => {
      seen.push(`${ctx.key} ${ctx.visit} ${ctx.attempt}`);
      return n + 1;
    });
    const flow = orchestration("keys", (o) =>
      o
        .start(round)
        .advance(round, round, { when: (n) => n < 2 })
        .finish(round),
    );
    await flow.run(0, { runId: "run_1" });

    expect(seen).toEqual(["run_1/keys/round#1 1 1", "run_1/keys/round#2 2 1"]);
  });

  it("sends nothing live from an attempt that was given up, or after the end of the state", async () => {
    const clock = manualClock();
    const said: unknown[] = [];
    let late = (): void => {};
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const deaf = runnable({
      id: "deaf",
      timeout: 100,
      retry: { attempts: 2, firstDelay: 10, jitter: false },
      invoke: async (_: unknown, { attempt, emit }) => {
        await (attempt === 1 ? first : second).promise;
        emit(speech, String(attempt));
        late = () => emit(speech, "after the end");
      },
    });
    const hold = runnable("hold", () => expect(late).toThrow("is over"));
    const flow = orchestration("live", (o) => o.start(deaf).advance(deaf, hold).finish(hold));
    flow.on("state.output", (event) => said.push(event.data));
    const result = flow.run(undefined, { clock });
    await clock.advance(110);
    first.resolve();
    await clock.advance(1);
    second.resolve();
    await result;

    expect(said).toEqual(["2"]);
  });

  it.each([
    ["a text", "hello"],
    ["data with a name", { name: "search", hits: 3 }],
  ])("refuses %s in the place of a channel, as plain JavaScript may pass it", async (_title, data) => {
    const talks = runnable("talks", (_: string, { emit }) => emit(data as never, undefined as never));

    await expect(alone(talks).run("x")).rejects.toMatchObject({
      cause: { code: "ORCH_FATAL", fix: expect.stringContaining("ctx.emit(speech, text)") },
    });
  });

  it("sends live data and spending to the readers of the run", async () => {
    const words = channel<{ word: string }>("words");
    const talks = runnable("talks", (_: string, { emit, spend }) => {
      emit(words, { word: "hello" });
      spend({ inputTokens: 3, model: "local/extractive" });
    });
    const run = alone(talks).start("x");
    const events: OrchestrationEvent[] = [];
    for await (const event of run.events()) events.push(event);

    expect(events).toContainEqual(
      expect.objectContaining({
        type: "state.output",
        state: "talks",
        channel: "words",
        data: { word: "hello" },
      }),
    );
    expect(events.map((event) => words.of(event)).filter((one) => one !== undefined)).toEqual([
      { word: "hello" },
    ]);
    expect(events.map((event) => speech.of(event)).filter((one) => one !== undefined)).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "state.usage",
        spending: { inputTokens: 3, model: "local/extractive" },
      }),
    );
  });
});

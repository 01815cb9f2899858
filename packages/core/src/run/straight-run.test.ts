import { describe, expect, it } from "vitest";
import {
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type RunContext,
  type RunOptions,
  runnable,
  sharedState,
} from "../index.ts";

const log = sharedState("log", {
  items: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
});

/** A row of states that lead straight on, but for those in the middle. */
function rowOf(
  middle: (n: number, ctx: RunContext) => number | PromiseLike<number>,
): Orchestration<number, number> {
  const [first, last] = ["first", "last"].map((id) => runnable(id, async (n: number) => n + 1));
  const between = runnable("between", middle as (n: number, ctx: RunContext) => number);
  return orchestration("row", (o) =>
    o.start(first!).advance(first!, between).advance(between, last!).finish(last!),
  );
}

/** What a run gives and tells, without times. */
async function storyOf(flow: Orchestration<number, unknown>, options: RunOptions): Promise<unknown> {
  const events: unknown[] = [];
  const onEvent = ({ time: _time, ...event }: OrchestrationEvent): void => {
    events.push({ ...event, duration: 0 });
  };
  const told = flow.run(1, { runId: "run", onEvent, ...options });
  const ended = await told.catch(
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );
  return { events, ended, unheard: await flow.run(1, options).catch(({ code }) => code) };
}

/** A promise of the platform whose `then` is another one: it is defined, because assigning it throws where prototypes are frozen. */
function thenOf(then: (give: (n: number | Promise<number>) => void) => void): Promise<number> {
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  return Object.defineProperty(Promise.resolve(0), "then", { value: then });
}

/** Promises of every make, each for 7. */
const promised: { readonly [kind: string]: () => number | PromiseLike<number> } = {
  "a number": () => 7,
  "a promise": () => Promise.resolve(7),
  "a promise of a class of its own": () => new (class Late extends Promise<number> {})((give) => give(7)),
  "a promise with a then of its own": () => thenOf((give) => give(7)),
  "a promise with a then of its own that gives a promise": () => thenOf((give) => give(Promise.resolve(7))),
  "a promise with a then of its own that gives and throws": () =>
    thenOf((give) => {
      give(7);
      throw new RangeError("too late");
    }),
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  "a thenable": () => ({ then: (give: (n: number) => void) => give(7) }) as never,
  "a thenable that gives twice": () =>
    ({
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      then: (give: (n: number) => void, refuse: (error: Error) => void) => {
        give(7);
        give(8);
        refuse(new RangeError("too late"));
      },
    }) as never,
};

/** Ways to fail. */
const failing: { readonly [kind: string]: () => number | PromiseLike<number> } = {
  "an error that is thrown": () => {
    throw new RangeError("no");
  },
  "a promise that rejects": () => Promise.reject(new RangeError("no")),
  "a thenable that throws": () =>
    ({
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      then: () => {
        throw new RangeError("no");
      },
    }) as never,
  "a then that cannot be read": () =>
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    Object.defineProperty({}, "then", {
      get: () => {
        throw new RangeError("no");
      },
    }) as never,
};

describe("a run that goes straight on by itself", () => {
  // With a signal the pump takes every step.
  const pumped = (): RunOptions => ({ signal: new AbortController().signal });

  it.each(Object.entries({ ...promised, ...failing }))(
    "tells and gives what the pump does: %s",
    async (_, make) => {
      const alone = await storyOf(rowOf(make), {});

      expect(alone).toEqual(await storyOf(rowOf(make), pumped()));
    },
  );

  it.each(Object.entries(failing))("fails with %s", async (_, make) => {
    await expect(rowOf(make).run(1)).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: { message: "no" },
    });
  });

  it.each(Object.entries(promised))("waits for %s", async (_, make) => {
    expect(await rowOf(make).run(1)).toBe(8);
  });

  it("refuses a question that nobody can answer, and goes on where the state bears it", async () => {
    const answer = {
      "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
    } as const;
    const asking = (wait: boolean) =>
      rowOf(async (n, ctx) => {
        if (wait) await Promise.resolve();
        const said = await ctx.ask({ name: "sure", prompt: "sure?", answer }).catch(({ code }) => code);
        return said === "ORCH_UNATTENDED" ? n * 10 : -1;
      });
    expect(await asking(false).run(1)).toBe(21);
    expect(await asking(true).run(1)).toBe(21);

    const ask = question<number>("ask", { ask: (n) => n, answer });
    const first = runnable("first", (n: number) => n);
    const flow = orchestration<number, unknown>("asks", (o) =>
      o.start(first).advance(first, ask).finish(ask),
    );
    await expect(flow.run(1)).rejects.toMatchObject({ cause: { code: "ORCH_UNATTENDED" } });
  });

  it("counts what states write, and gives it to the next ones", async () => {
    const write = (id: string) =>
      runnable(id, async (n: number, ctx: RunContext) => {
        ctx.state(log).add("items", [`${id}${ctx.state(log).get("items").length}`]);
        return n;
      });
    const [a, b, c] = ["a", "b", "c"].map(write);
    const tell = runnable("tell", (_: number, ctx: RunContext) => ctx.state(log).get("items"));
    const flow = orchestration("writes", (o) =>
      o.start(a!).advance(a!, b!).advance(b!, c!).advance(c!, tell).finish(tell),
    );

    expect(await flow.run(0)).toEqual(["a0", "b1", "c2"]);
  });

  it("takes turns at a gate", async () => {
    let inside = 0;
    let most = 0;
    const narrow = runnable({
      id: "narrow",
      concurrency: 1,
      invoke: async (n: number) => {
        inside += 1;
        most = Math.max(most, inside);
        await Promise.resolve();
        inside -= 1;
        return n;
      },
    });
    const first = runnable("first", async (n: number) => n);
    const flow = orchestration("gated", (o) => o.start(first).advance(first, narrow).finish(narrow));

    expect(await Promise.all([1, 2, 3].map((n) => flow.run(n)))).toEqual([1, 2, 3]);
    expect(most).toBe(1);
  });

  it("leaves the input as it was given, and a context that does nothing after its state", async () => {
    const contexts: RunContext[] = [];
    const push = (id: string) =>
      runnable(id, async (all: string[], ctx: RunContext) => {
        contexts.push(ctx);
        all.push(id);
        return all;
      });
    const [a, b] = ["a", "b"].map(push);
    const flow = orchestration("pushes", (o) => o.start(a!).advance(a!, b!).finish(b!));
    const given: string[] = [];

    expect(await flow.run(given)).toEqual(["a", "b"]);
    expect(given).toEqual([]);
    expect(contexts.map(({ path, attempt }) => [path, attempt])).toEqual([
      ["pushes/a#1", 1],
      ["pushes/b#1", 1],
    ]);
    for (const ctx of contexts) expect(() => ctx.spend({ cost: 1 })).toThrow(/is over/);
    // What is behind a context is nothing that a log or a copy would show.
    expect(Object.keys(contexts[0]!)).toEqual([]);
    expect(JSON.stringify(contexts[0])).toBe("{}");
  });
});

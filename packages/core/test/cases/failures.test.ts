/** Failures are data: one life, the same edges; what was thrown is told; what it says of another attempt survives. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manualClock } from "../../../testing/src/clock/manual-clock.ts";
import {
  type Arrival,
  DurableHost,
  memoryHost,
  memoryStore,
  openMachine,
  type TakenArrival,
} from "../../src/host.ts";
import {
  type AnyRunnable,
  all,
  choose,
  type EventError,
  each,
  FatalError,
  isOrchError,
  type OrchError,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type RetryPolicy,
  type RunContext,
  race,
  runnable,
  type Settled,
} from "../../src/index.ts";

class Busy extends Error {
  override readonly name = "Busy";
  readonly code = "busy";
  readonly status = 429;
  readonly retryAfter = 300;
  readonly headers = { "x-limit": "7" };
  readonly mine = "not declared";
}

const throws = (error: unknown, id = "throws") =>
  runnable(id, async (_: string): Promise<string> => {
    throw error;
  });
const text = (id: string) => runnable(id, (told: string) => told);
const alone = (state: AnyRunnable): Orchestration<unknown, unknown> =>
  orchestration("f", (o) => o.start(state as never).finish(state as never)) as never;
const failureOf = (work: Promise<unknown>): Promise<OrchError> =>
  work.then(
    () => Promise.reject(new TypeError("it did not fail")),
    (error: OrchError) => error,
  );

describe("P19: E09: one life, the same edges", () => {
  const fields = (error: unknown): string =>
    JSON.stringify([Object.keys(error as object).sort(), (error as { status?: unknown }).status]);
  /** Where the way on depends on all that a condition can see of a failure. */
  const flowOf = (failing: AnyRunnable): Orchestration<string, string> => {
    const [a, b] = [text("a"), text("b")];
    return orchestration("f", (o) =>
      o
        .start(failing as ReturnType<typeof throws>)
        .catch(failing as ReturnType<typeof throws>, a, {
          convert: (error) => fields(error.cause),
          when: (error) => "mine" in (error.cause as object),
        })
        .catch(failing as ReturnType<typeof throws>, b, { convert: (error) => fields(error.cause) })
        .finish(failing as ReturnType<typeof throws>, a, b),
    );
  };
  const declared = '[["code","headers","retryAfter","status"],429]';

  it("E09: a condition on a host that keeps runs sees the declared fields, in the first life already", async () => {
    expect(await flowOf(throws(new Busy("slow"))).run("x", { host: memoryHost() })).toBe(declared);
  });

  it("E09, further: with a codec that keeps everything, and at every level", async () => {
    for (const durability of ["step", "group", "end"] as const) {
      const host = memoryHost({ durability });
      expect(await flowOf(throws(new Busy("slow"))).run("x", { host })).toBe(declared);
      await host.close();
    }
  });

  it("E09, further: on the seam for other engines, made again from what was kept", async () => {
    const machine = openMachine(flowOf(throws(new Busy("slow"))) as never, "x", { runId: "r" });
    const kept: [Arrival, TakenArrival][] = [];
    const inbox: Arrival[] = [{ kind: "begin", at: 1 }];
    for (let arrival = inbox.shift(); arrival !== undefined; arrival = inbox.shift()) {
      const taken = machine.take(arrival);
      kept.push([arrival, taken]);
      for (const effect of taken.effects) {
        if (effect.kind !== "run") continue;
        inbox.push({ kind: "ran", id: effect.id, at: 2, outcome: await machine.perform(effect.operation) });
      }
    }
    expect(machine.end).toMatchObject({ kind: "completed", value: declared });
    const again = openMachine(flowOf(throws(new Busy("slow"))) as never, "x", { runId: "r" });
    for (const [arrival, taken] of JSON.parse(JSON.stringify(kept)) as typeof kept) {
      const retaken = again.take(arrival, taken.decisions);
      expect(JSON.parse(JSON.stringify(retaken.events))).toEqual(taken.events);
    }
  });

  it("E09, further: settled results hold what the journal holds, of composites too", async () => {
    const inner = race("inner", { one: throws(new Busy("one"), "one"), two: throws(new Busy("two"), "two") });
    const both = all("both", { inner, plain: throws(new Busy("three"), "three") }, { settled: true });
    const host = memoryHost();
    const run = alone(both).start("x", { host, runId: "r" });
    const result = await run.result;
    const events = await host.events(alone(both), "r");
    const last = events.at(-1) as OrchestrationEvent & { readonly output: unknown };
    expect(last.output).toEqual(result);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result).toMatchObject({
      inner: { error: { errors: [{ cause: { status: 429 } }, { cause: { message: "two" } }] } },
    });
    await host.close();
  });

  it("E09, further: what a condition threw, and a factory, is the same data in both lives", async () => {
    const host = memoryHost();
    const pick = choose("pick", (_: string): typeof inner => {
      throw new Busy("no choice");
    });
    const inner = text("inner");
    const both = all(
      "both",
      { inner },
      {
        when: {
          inner: () => {
            throw new Busy("no condition");
          },
        },
      },
    );
    for (const [state, message] of [
      [pick, "no choice"],
      [both, "no condition"],
    ] as const) {
      const failed = await failureOf(alone(state as AnyRunnable).run("x", { host }));
      expect(failed.cause).toMatchObject({ status: 429, headers: { "x-limit": "7" }, message });
      expect(failed.cause).not.toHaveProperty("mine");
      expect((failed.facts as { input: unknown }).input).toBe("x");
    }
    await host.close();
  });

  it("E09, further: a kept failure is an error of its class where the language has it, with the stack of what was thrown", async () => {
    const thrown = new RangeError("x", { cause: new AggregateError([new TypeError("y")], "z") });
    const failed = await failureOf(alone(throws(thrown)).run("x", { host: memoryHost() }));
    expect(failed.cause).toBeInstanceOf(RangeError);
    expect((failed.cause as Error).stack).toBe(thrown.stack);
    const inner = (failed.cause as Error).cause as AggregateError;
    expect([inner instanceof AggregateError, inner.errors[0] instanceof TypeError]).toEqual([true, true]);
  });
});

describe("E10: settled results and events say what was thrown", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  const call = runnable("call", async (url: string): Promise<string> => {
    if (url === "a") throw new Busy("slow down");
    throw new TypeError("fetch failed", { cause: refused });
  });
  const busy = {
    name: "Busy",
    code: "busy",
    status: 429,
    retryAfter: 300,
    headers: { "x-limit": "7" },
    message: "slow down",
  };
  const unreachable = {
    name: "TypeError",
    message: "fetch failed",
    cause: { name: "Error", message: refused.message, code: "ECONNREFUSED" },
  };
  const causesIn = (results: unknown): unknown[] =>
    (results as Settled<string>[]).map((one) => (one.status === "failed" ? one.error.cause : undefined));

  it("E10: the chain of causes, as data", async () => {
    expect(causesIn(await alone(each("calls", call, { settled: true })).run(["a", "b"]))).toEqual([
      busy,
      unreachable,
    ]);
    const errors: (EventError | undefined)[] = [];
    for await (const event of alone(call).start("b").events()) {
      if (event.type === "state.failed" || event.type === "run.failed") errors.push(event.error.cause);
    }
    expect(errors).toEqual([unreachable, unreachable]);
  });

  it("E10, further: of a retry, on a host that keeps runs, and of all", async () => {
    const clock = manualClock();
    const host = memoryHost({ clock });
    const again = runnable({ id: "again", retry: { attempts: 2, firstDelay: 1 }, invoke: call.invoke });
    const run = alone(all("both", { again }, { settled: true })).start("a", { host });
    const seen: unknown[] = [];
    for await (const event of run.events()) {
      if (event.type === "state.retrying") {
        seen.push(event.error, event.delay);
        await clock.advance(300);
      }
    }
    expect(seen).toEqual([busy, 300]);
    expect(((await run.result) as { again: { error: EventError } }).again.error.cause).toEqual(busy);
    await host.close();
  });

  it("E10, further: of a nested orchestration and a race inside a fan-out", async () => {
    const inner = orchestration("inner", (o) => o.start(call).finish(call));
    const results = await alone(each("calls", race("r", { inner }), { settled: true })).run(["a"]);
    expect(causesIn(results)).toMatchObject([{ code: "ORCH_RUNNABLE_FAILED", cause: busy }]);
  });
});

describe("E11: what fails on an edge can be caught where the edge stands", () => {
  const s = text("s");
  const to = runnable("to", (d: Date) => d.toISOString());
  const rescue = runnable("rescue", (error: unknown) => `rescued ${(error as OrchError).code}`);
  const dated = orchestration("f", (o) =>
    o
      .start(s)
      .advance(s, to, { convert: () => new Date(0) })
      .catch(s, rescue)
      .catch(to, rescue)
      .finish(to, rescue),
  );

  it("E11: a conversion that gives what cannot be kept goes to the .catch of the state that the edge leaves", async () => {
    expect(await dated.run("x", { host: memoryHost() })).toBe("rescued ORCH_NOT_SERIALIZABLE");
    expect(await dated.run("x")).toBe("1970-01-01T00:00:00.000Z");
  });

  const broken = (): never => {
    throw new Busy("no way");
  };
  const caught = (advance: { readonly when?: () => boolean; readonly convert?: () => string }) =>
    orchestration("f", (o) =>
      o
        .start(s)
        .advance(s, text2, advance as { readonly convert: () => string })
        .catch(s, rescue, { when: (error) => (error.cause as Busy).status === 429 })
        .finish(text2, rescue),
    );
  const text2 = text("t");

  it.each([
    ["a condition", caught({ when: broken }), "rescued ORCH_CONDITION"],
    ["a conversion", caught({ convert: broken }), "rescued ORCH_CONVERSION"],
  ])("E11, further: %s that throws, in memory and where runs are kept", async (_, flow, output) => {
    expect(await flow.run("x")).toBe(output);
    const host = memoryHost();
    const run = flow.start("x", { host, runId: "r" });
    expect(await run.result).toBe(output);
    const moved = (await host.events(flow, "r")).filter((event) => event.type === "state.transition");
    expect(moved).toMatchObject([
      { from: "s", to: "rescue", cause: "error", error: { cause: { status: 429 } } },
    ]);
    await host.close();
  });

  it("E11, further: a run that is forked at the caught edge takes the same way again", async () => {
    const host = memoryHost();
    const flow = caught({ convert: broken });
    await flow.start("x", { host, runId: "r" }).result;
    const fork = await host.fork(flow, "r", { after: "f/s#1" });
    expect(await fork.result).toBe("rescued ORCH_CONVERSION");
    await host.close();
  });

  it("E11, further: a .catch that does not hold lets it through, and the orchestration around may take it", async () => {
    const inner = orchestration("inner", (o) =>
      o
        .start(s)
        .advance(s, text2, { convert: broken })
        .catch(s, rescue, { when: () => false })
        .finish(text2, rescue),
    );
    expect(await failureOf(inner.run("x"))).toMatchObject({
      code: "ORCH_CONVERSION",
      cause: { status: 429 },
    });
    const outer = orchestration("outer", (o) => o.start(inner).catch(inner, rescue).finish(inner, rescue));
    for (const options of [{}, { host: memoryHost() }]) {
      expect(await outer.run("x", options)).toBe("rescued ORCH_CONVERSION");
    }
  });

  it("E11, further: a limit that is reached on the way is no failure of the edge", async () => {
    const once = runnable({ id: "once", maxVisits: 1, invoke: (x: string) => x });
    const flow = orchestration("f", (o) =>
      o
        .start(once)
        .advance(once, once, { when: () => true })
        .catch(once, rescue)
        .finish(once, rescue),
    );
    expect(await failureOf(flow.run("x"))).toMatchObject({ code: "ORCH_MAX_VISITS" });
  });
});

describe("E12: what an error says about another attempt survives every border", () => {
  const retry: RetryPolicy = { attempts: 3, firstDelay: 1, jitter: false };
  let charged = 0;
  const charge = runnable("charge", (_: string): string => {
    charged += 1;
    throw new FatalError("the card is stolen");
  });
  const inner = orchestration("inner", (o) => o.start(charge).finish(charge));
  const fan = each("fan", inner);
  const byHand = (invoke: (x: string, ctx: RunContext) => unknown): AnyRunnable =>
    runnable({ id: "byHand", retry, timeout: 60_000, invoke: (x: string, ctx) => invoke(x, ctx) });

  it.each([
    ["a run that is called by hand", byHand((x, ctx) => inner.run(x, { signal: ctx.signal }))],
    ["a run on a host", byHand((x) => inner.run(x, { host: memoryHost() }))],
    ["a list composite", byHand((x, ctx) => fan.invoke([x], ctx))],
    ["a race", byHand((x, ctx) => race("r", { inner }).invoke(x, ctx))],
    ["a choice", byHand((x, ctx) => choose("c", (_: string) => inner).invoke(x, ctx))],
    ["all, around a nested orchestration", byHand((x, ctx) => all("a", { inner }).invoke(x, ctx))],
    [
      "a runnable around a runnable",
      byHand((x, ctx) => alone(byHand(() => inner.run(x, { signal: ctx.signal }))).run(x)),
    ],
    [
      "an error of the user's own around it",
      byHand((x) =>
        inner.run(x).catch((cause) => {
          throw new Error("could not charge", { cause });
        }),
      ),
    ],
    ["several that all failed", byHand((x) => Promise.any([inner.run(x)]))],
  ])("E12: do not retry: %s", async (_, state) => {
    charged = 0;
    await expect(alone(state).run("x")).rejects.toThrow("the card is stolen");
    expect(charged).toBe(1);
  });

  it("E12, further: the outermost error that says something decides", async () => {
    charged = 0;
    const knows = byHand((x) =>
      inner.run(x).catch((cause) => {
        throw Object.assign(new Error("asked for another card", { cause }), { retryable: true });
      }),
    );
    await expect(alone(knows).run("x")).rejects.toThrow();
    expect(charged).toBe(3);
  });

  it("E12, further: a lost race is final when it would be lost again", async () => {
    const passes = runnable("passes", (_: string): string => {
      throw new Error("busy");
    });
    const count = async (state: AnyRunnable): Promise<number> => {
      charged = 0;
      await failureOf(alone(state).run("x"));
      return charged;
    };
    expect(await count(byHand((x, ctx) => race("r", { charge, passes }).invoke(x, ctx)))).toBe(3);
    expect(await count(byHand((x, ctx) => race("r", { charge, passes }, { first: 2 }).invoke(x, ctx)))).toBe(
      1,
    );
  });

  it.each([
    [
      "a run that is called by hand",
      (flow: Orchestration<string, string>, ctx: RunContext) => flow.run("x", { signal: ctx.signal }),
    ],
    [
      "a list composite",
      (flow: Orchestration<string, string>, ctx: RunContext) => each("e", flow).invoke(["x"], ctx),
    ],
    [
      "a race",
      (flow: Orchestration<string, string>, ctx: RunContext) => race("r", { flow }).invoke("x", ctx),
    ],
  ])("E12: retry after: %s", async (_, call) => {
    const clock = manualClock();
    const busy = orchestration("busy", (o) => {
      const state = throws(new Busy("busy"));
      return o.start(state).finish(state);
    });
    const again = runnable({
      id: "again",
      retry: { attempts: 2, firstDelay: 1, jitter: false },
      invoke: async (_x: string, ctx): Promise<unknown> => call(busy, ctx),
    });
    const run = alone(again).start("x", { clock });
    const delays: number[] = [];
    for await (const event of run.events()) {
      if (event.type !== "state.retrying") continue;
      delays.push(event.delay);
      await clock.advance(event.delay);
    }
    expect(delays).toEqual([300]);
    expect(await failureOf(run.result)).toMatchObject({ retryAfter: 300 });
  });
});

describe("E14: an error that comes up while another is handled keeps that one", () => {
  const bad = throws(new FatalError("the first failure"), "bad");
  const rescue = text("rescue");
  const caught = (edge: { readonly when?: () => boolean; readonly convert?: () => string }) =>
    orchestration("f", (o) =>
      o
        .start(bad)
        .catch(bad, rescue, { convert: () => "rescued", ...edge })
        .finish(bad, rescue),
    );
  const breaks = (): never => {
    throw new TypeError("cannot read it");
  };

  it.each([
    ["a condition", { when: breaks }, "ORCH_CONDITION"],
    ["a conversion", { convert: breaks }, "ORCH_CONVERSION"],
  ])("E14: %s of a .catch edge that throws", async (_, edge, code) => {
    for (const options of [{}, { host: memoryHost() }]) {
      const failed = await failureOf(caught(edge).run("x", options));
      expect(failed).toMatchObject({
        code,
        cause: { name: "TypeError", message: "cannot read it" },
        facts: { failure: { code: "ORCH_RUNNABLE_FAILED", cause: { message: "the first failure" } } },
        retryable: false,
      });
      expect(failed.says).toContain("the first failure");
    }
  });

  it("E14, further: what a conversion of such an edge gives and cannot be kept", async () => {
    const failed = await failureOf(
      caught({ convert: () => new Date(0) as never }).run("x", { host: memoryHost() }),
    );
    expect(failed).toMatchObject({
      code: "ORCH_NOT_SERIALIZABLE",
      cause: { cause: { message: "the first failure" } },
    });
  });

  it("E14, further: a limit that such an edge runs into", async () => {
    const once = runnable({ id: "once", maxVisits: 1, invoke: breaks as (x: string) => string });
    const flow = orchestration("f", (o) =>
      o
        .start(once)
        .catch(once, once, { convert: () => "again" })
        .finish(once),
    );
    expect(await failureOf(flow.run("x"))).toMatchObject({
      code: "ORCH_MAX_VISITS",
      cause: { cause: { message: "cannot read it" } },
    });
  });

  it("E14, further: the condition of a retry policy that throws", async () => {
    const state = { id: "r", retry: { attempts: 2, when: breaks }, invoke: bad.invoke };
    for (const options of [{}, { host: memoryHost() }]) {
      const failed = await failureOf(
        alone(
          runnable({
            ...state,
            invoke: async () => {
              throw new Busy("busy");
            },
          }),
        ).run("x", options),
      );
      expect(isOrchError(failed.cause, "ORCH_RETRY_CONDITION")).toBe(true);
      expect(failed.cause).toMatchObject({
        cause: { status: 429, message: "busy" },
        facts: { runnable: "r", attempt: 1, thrown: { name: "TypeError", message: "cannot read it" } },
      });
      expect(failed.says).toContain("cannot read it");
    }
  });

  it("E14, further: a state and a question that are given the failure, and fail", async () => {
    const broken = runnable("broken", (_: unknown): string => breaks());
    const asks = question<unknown, string>("asks", { ask: breaks, answer: z.string() });
    for (const handles of [broken, asks]) {
      const flow = orchestration("f", (o) => o.start(bad).catch(bad, handles).finish(bad, handles));
      for (const options of [{}, { host: memoryHost() }]) {
        const run = flow.start("x", options);
        const failed = await failureOf(run.result);
        expect(failed.facts).toMatchObject({
          runnable: handles.id,
          failure: { cause: { message: "the first failure" } },
        });
      }
    }
  });

  it("E14, further: a run whose failure cannot be written", async () => {
    const store = memoryStore();
    const host = new DurableHost({
      ...store,
      append: (appends) => {
        if (appends.some(({ status }) => status === "failed")) throw new Error("the file is gone");
        return store.append(appends);
      },
    });
    const failed = await failureOf(alone(bad).run("x", { host }));
    expect(failed).toMatchObject({
      code: "ORCH_NOT_WRITTEN",
      cause: { message: "the file is gone" },
      facts: { failure: { cause: { message: "the first failure" } } },
    });
    expect(failed.says).toContain("the first failure");
    await host.close();
  });

  it("E14, further: an AggregateError keeps all of its errors", async () => {
    const both = throws(new AggregateError([new Busy("one"), new Busy("two")], "both"));
    const failed = await failureOf(alone(both).run("x", { host: memoryHost() }));
    expect(failed.cause).toMatchObject({ errors: [{ message: "one", status: 429 }, { message: "two" }] });
    expect(failed.says).toContain("both: one; two");
  });
});

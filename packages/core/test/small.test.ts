/** The small door: what it has works as at the main door, and what it has not is refused. */
import {
  all,
  each,
  isOrchError,
  orchestration as mainOrchestration,
  question,
  type Schema,
  sleep,
} from "@orch/core";
import { toText } from "@orch/core/draw";
import {
  dossier,
  FatalError,
  Orchestration,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  type RunContext,
  runnable,
  sharedState,
  speech,
} from "@orch/core/small";
import { manualClock } from "@orch/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { randomFlows } from "./random-flows.ts";
import { build } from "./reference-builder.ts";
import { interpret } from "./reference-interpreter.ts";

const inc = runnable("inc", async (n: number) => n + 1);
const twice = runnable("twice", (n: number) => n * 2);
const broken = runnable("broken", async (_: number): Promise<number> => {
  throw new RangeError("told to");
});
const deaf = runnable("deaf", (_: number) => new Promise<number>(() => {}));
const aNumber: Schema<number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => (typeof value === "number" ? { value } : { issues: [{ message: "no number" }] }),
  },
};

type Maker = typeof orchestration;
const main = mainOrchestration as unknown as Maker;

/** What two doors have to agree on: the output, or the code and the facts of the error and of its cause. */
async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return dataOf(error);
  }
}

function dataOf(error: unknown): unknown {
  if (!isOrchError(error)) return String(error);
  const { failure: _failure, thrown: _thrown, ...shown } = error.facts as Record<string, unknown>;
  const facts = { ...shown, input: (error.facts as { readonly input?: unknown }).input };
  const { retryable, retryAfter } = error as { retryable?: boolean; retryAfter?: number };
  return { code: error.code, facts, retryable, retryAfter, cause: error.cause && dataOf(error.cause) };
}

class Down extends OrchestrationAdvancer<number, number> {
  readonly targets = [twice];
  convertOutput(n: number): number {
    return n - 1;
  }
}
class Astray extends OrchestrationAdvancer<number, number> {
  readonly targets = [twice];
  convertOutput(n: number): number {
    return n;
  }
  override getNextRunnable(): typeof twice {
    return inc;
  }
}

/** Programs by name, each of which runs by either door. */
const programs: { readonly [name: string]: (make: Maker) => Promise<unknown> } = {
  steps: (make) => make("f", (o) => o.start(inc).advance(inc, twice).finish(twice)).run(1),
  loop: (make) =>
    make("f", (o) =>
      o
        .start(inc)
        .advance(inc, inc, { when: (n) => n < 50 })
        .finish(inc),
    ).run(0),
  caught: (make) =>
    make("f", (o) =>
      o
        .start(broken)
        .catch(broken, inc, { convert: (error, n) => n + error.message.indexOf("told to") * 0 })
        .advance(broken, inc)
        .finish(inc),
    ).run(4),
  classes: (make) => make("f", (o) => o.start(inc).advanceBy(inc, new Down()).finish(twice)).run(5),
  astray: (make) => make("f", (o) => o.start(inc).advanceBy(inc, new Astray()).finish(twice)).run(5),
  broken: (make) => make("f", (o) => o.start(broken).finish(broken)).run(1),
  nested: (make) => {
    const inner = make("inner", (o) => o.start(inc).advance(inc, twice).finish(twice));
    return make("outer", (o) => o.start(inner).advance(inner, inc).finish(inc)).run(3);
  },
  byHand: (make) => {
    const inner = make("inner", (o) => o.start(inc).finish(inc));
    const outer = runnable("outer", (n: number, ctx) => inner.invoke(n, ctx));
    return make("f", (o) => o.start(outer).finish(outer)).run(3);
  },
  retried: (make) => {
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 3, firstDelay: 0 },
      invoke: async (n: number, { attempt }) => {
        if (attempt < 3) throw new Error("not yet");
        return n + attempt;
      },
    });
    return make("f", (o) => o.start(flaky).finish(flaky)).run(1);
  },
  givenUp: (make) => {
    const fatal = runnable({
      id: "fatal",
      retry: { attempts: 3, firstDelay: 0 },
      invoke: async (_: number): Promise<number> => {
        throw new FatalError("closed");
      },
    });
    return make("f", (o) => o.start(fatal).finish(fatal)).run(1);
  },
  oddPolicy: (make) => {
    const when = (): boolean => {
      throw new Error("odd");
    };
    const flaky = runnable({ id: "flaky", retry: { attempts: 2, when }, invoke: broken.invoke });
    return make("f", (o) => o.start(flaky).finish(flaky)).run(1);
  },
  timeout: (make) => {
    const slow = runnable({ id: "slow", timeout: 5, invoke: deaf.invoke });
    return make("f", (o) => o.start(slow).finish(slow)).run(1);
  },
  deadline: (make) => make("f", (o) => o.start(deaf).finish(deaf), { deadline: 5 }).run(1, { grace: 0 }),
  badInput: (make) => {
    const typed = runnable({ id: "typed", input: aNumber, invoke: (n: number) => n });
    return make("f", (o) => o.start(typed).finish(typed)).run("x" as never);
  },
  badOutput: (make) => {
    const typed = runnable({ id: "typed", output: aNumber, invoke: () => "x" as never });
    return make("f", (o) => o.start(typed).finish(typed)).run(undefined);
  },
  conversion: (make) => {
    const convert = (): number => {
      throw new Error("odd");
    };
    return make("f", (o) => o.start(inc).advance(inc, twice, { convert }).finish(twice)).run(1);
  },
  condition: (make) => {
    const when = (): boolean => {
      throw new Error("odd");
    };
    return make("f", (o) => o.start(inc).advance(inc, twice, { when }).finish(twice)).run(1);
  },
  noAdvance: (make) =>
    make("f", (o) =>
      o
        .start(inc)
        .advance(inc, twice, { when: () => false })
        .finish(twice),
    ).run(1),
  maxSteps: (make) =>
    make(
      "f",
      (o) =>
        o
          .start(inc)
          .advance(inc, inc, { when: () => true })
          .finish(inc),
      {
        maxSteps: 9,
      },
    ).run(1),
  maxVisits: (make) => {
    const once = runnable({ id: "once", maxVisits: 1, invoke: inc.invoke });
    return make("f", (o) =>
      o
        .start(once)
        .advance(once, once, { when: () => true })
        .finish(once),
    ).run(1);
  },
  state: (make) => {
    const sum = sharedState("sum", { of: { start: 0, reduce: (one, other) => one + other } });
    const adds = runnable("adds", (n: number, ctx) => {
      ctx.state(sum).add("of", n);
      return n + 1;
    });
    const tells = runnable("tells", (_: number, ctx) => ctx.state(sum).get("of"));
    return make("f", (o) =>
      o
        .start(adds)
        .advance(adds, adds, { when: (n) => n < 5 })
        .advance(adds, tells)
        .finish(tells),
    ).run(1);
  },
  fans: (make) => {
    const items = runnable("items", (n: number) => [n, n + 1]);
    const both = all("both", { inc, twice, nap: sleep<number>("nap", 1) });
    const fan = each("fan", both, { concurrency: 1 });
    return make("f", (o) => o.start(items).advance(items, fan).finish(fan)).run(1);
  },
  failingFan: (make) => {
    const fan = all("fan", { broken, deaf });
    return make("f", (o) => o.start(fan).finish(fan)).run(1, { grace: 0 });
  },
  once: (make) => {
    const remembers = runnable({
      id: "remembers",
      retry: { attempts: 2, firstDelay: 0 },
      invoke: async (n: number, ctx) => {
        const kept = await ctx.once("kept", () => ctx.attempt);
        if (ctx.attempt === 1) throw new Error("again");
        return [n, kept];
      },
    });
    return make("f", (o) => o.start(remembers).finish(remembers)).run(1);
  },
  spends: (make) => {
    const spends = runnable("spends", async (_: number, ctx) => {
      ctx.spend({ inputTokens: 3 });
      (await ctx.reserve({ inputTokens: 3 })).settle({ inputTokens: 1 });
      ctx.emit(speech, "a");
      return ctx.left();
    });
    return make("f", (o) => o.start(spends).finish(spends)).run(1);
  },
  aborted: (make) => {
    const signal = AbortSignal.abort(new Error("enough"));
    return make("f", (o) => o.start(inc).finish(inc)).run(1, { signal });
  },
  cancelled: (make) => {
    const controller = new AbortController();
    const stops = runnable("stops", (_: number, { signal }) => {
      controller.abort(new Error("enough"));
      return new Promise<number>((_resolve, reject) => reject(signal.reason));
    });
    return make("f", (o) => o.start(stops).finish(stops)).run(1, { signal: controller.signal });
  },
};

describe("the small door", () => {
  it.each(Object.entries(programs))("gives what the main door gives: %s", async (_, program) => {
    const small = await outcomeOf(() => program(orchestration));

    expect(small).toEqual(await outcomeOf(() => program(main)));
  });

  it("agrees with a plain reading of the rules on random orchestrations", async () => {
    const cases = budget("randomOrchestrations") / 2;
    const unasked = randomFlows.filter((flow) => !/"kind":"(question|wait|met)"/.test(JSON.stringify(flow)));
    await fc.assert(
      fc.asyncProperty(unasked, fc.integer({ min: 0, max: 96 }), async (flow, input) => {
        const expected = interpret(flow, input);
        // A tie may end either way.
        if (expected === undefined) return;
        const clock = manualClock(0);
        const only = build(flow, "flow", clock);
        let outcome: unknown;
        const running = orchestration("root", (o) => o.start(only).finish(only))
          .run(input, { clock })
          .then(
            (value) => {
              outcome = { ok: true, value };
            },
            (error: unknown) => {
              outcome = { ok: false, code: isOrchError(error) ? error.code : String(error) };
            },
          );
        while (outcome === undefined && ((await clock.runNext()) || clock.pending() > 0));
        await running;

        expect(outcome).toEqual(expected.outcome);
        expect(clock.pending()).toBe(0);
      }),
      { numRuns: cases },
    );
    figure(`${cases} random orchestrations by the small door`);
  });

  it("says where a run failed and why, and does not put the input into logs", async () => {
    const flow = orchestration("f", (o) => o.start(broken).finish(broken));
    const error = await flow.run(7).catch((thrown: unknown) => thrown as Error);

    expect(error).toMatchObject({ code: "ORCH_RUNNABLE_FAILED", facts: { input: 7, path: "f/broken#1" } });
    expect((error as Error).message).toMatch(/^f\/broken#1: told to\n.*\n.*errors\.md#orch_runnable_failed$/);
    expect(JSON.stringify(error)).not.toContain('"input"');
  });

  it("refuses what no run could begin with, and what it would not keep to", () => {
    const narrow = runnable({ id: "narrow", concurrency: 1, invoke: inc.invoke });
    const options = { budget: { maxTokens: 1 } } as object;
    const refused = (): unknown => orchestration("f", (o) => o.advance(inc, narrow) as never, options);

    expect(refused).toThrow(
      /There is no start[\s\S]*no finish[\s\S]*"budget"[\s\S]*"concurrency" of "narrow"/,
    );
    expect(() => orchestration("f", (o) => o.start("inc" as never).finish(inc))).toThrow(/no runnable/);
  });

  it("fails a state that asks, or that holds a question, and says which door has them", async () => {
    const asks = runnable("asks", (n: number, ctx) => ctx.ask({ prompt: n, answer: aNumber }));
    const state = question("state", { ask: (n: number) => n, answer: aNumber });
    const narrow = runnable({ id: "narrow", concurrency: 1, invoke: inc.invoke });
    for (const one of [asks, state, all("both", { narrow })]) {
      const failure = await outcomeOf(() => orchestration("f", (o) => o.start(one).finish(one)).run(1));
      expect(JSON.stringify(failure)).toContain("The small door has no");
    }
  });

  it("is drawn, is a class to extend, and takes part in an orchestration of the main door", async () => {
    class Small extends Orchestration<number, number> {
      constructor() {
        super("small", (o) => o.start(inc).advance(inc, twice).finish(twice));
      }
    }
    const small = new Small();
    const outer = mainOrchestration("outer", (o) => o.start(small).advance(small, inc).finish(inc));
    const run = outer.start(1);
    const types: string[] = [];
    for await (const event of run.events()) types.push(event.type);

    expect(await run.result).toBe(5);
    expect(types.filter((type) => type === "state.completed")).toHaveLength(4);
    expect(toText(outer.graph)).toContain("twice");
  });

  it("E22, E25: has states that are made on the way, and dossiers", async () => {
    class Adds extends OrchestrationRunnable<number, number> {
      static readonly id = "adds";
      readonly by: number;
      constructor({ by }: { readonly by: number }) {
        super();
        this.by = by;
      }
      override invoke(n: number, ctx: RunContext): number {
        return n + this.by + desk.of(ctx).get("start");
      }
    }
    const desk = dossier<{ start: number }>("desk");
    class ToAdds extends OrchestrationAdvancer<number, number, number> {
      override readonly targets = [Adds];
      override readonly add = desk.add((_n: number, start: number) => ({ start }));
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(n: number): Adds {
        return new Adds({ by: n * 10 });
      }
    }
    const flow = orchestration("f", (o) =>
      o
        .start(inc)
        .advanceBy(inc, new ToAdds())
        .advance(Adds, twice, { convert: (sum, input, place) => sum + input + desk.of(place).get("start") })
        .finish(twice),
    );

    expect(await flow.run(1)).toBe(2 * (2 + 20 + 1 + 2 + 1));
    expect(await mainOrchestration("outer", (o) => o.start(flow).finish(flow)).run(1)).toBe(52);
  });

  it("leaves a signal without a listener", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await orchestration("f", (o) => o.start(inc).finish(inc)).run(1, { signal });

    expect(listeners).toBe(0);
  });
});

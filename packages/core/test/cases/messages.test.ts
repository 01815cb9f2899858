/** What a failure says, and what it advises: chosen by what is known. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manualClock } from "../../../testing/src/clock/manual-clock.ts";
import { memoryHost } from "../../src/host.ts";
import {
  type AnyRunnable,
  all,
  choose,
  each,
  FatalError,
  isOrchError,
  type OrchError,
  type Orchestration,
  orchestration,
  question,
  race,
  runnable,
  sleep,
} from "../../src/index.ts";

const alone = (state: AnyRunnable): Orchestration<unknown, unknown> =>
  orchestration("f", (o) => o.start(state as never).finish(state as never)) as never;

async function failureOf(flow: Orchestration<never, unknown>, input: unknown = "x"): Promise<OrchError> {
  const failed: unknown = await flow.run(input as never).catch((error: unknown) => error);
  if (!isOrchError(failed)) throw failed;
  return failed;
}
const throws = (error: unknown, options = {}) =>
  runnable({
    id: "orders",
    ...options,
    invoke: (_: string): string => {
      throw error;
    },
  });

describe("E28: advice fits what is known", () => {
  it("E28: a state that has a retry policy is not told to get one", async () => {
    const orders = throws(new Error("503"), { retry: { attempts: 2, firstDelay: 1 } });
    const { message, fix } = await failureOf(alone(orders));
    expect(message).toMatch(/^"orders" failed after 2 attempts: 503 \(at f\/orders#1\)\n/);
    expect(fix).toBe(
      'Read the cause. If it may pass, raise "attempts" or "firstDelay" of its retry policy; if the flow can go on without it, add a .catch edge.',
    );
  });

  it("E28, further: a policy whose condition refused another attempt is named", async () => {
    const orders = throws(new Error("503"), { retry: { attempts: 3, when: () => false } });
    expect((await failureOf(alone(orders))).fix).toContain('let "when" of its retry policy take it');
  });

  it("E28, further: a failure that no attempt can change is not to be tried again", async () => {
    const orders = throws(Object.assign(new Error("no quota"), { retryable: false }), {
      retry: { attempts: 3 },
    });
    const { fix } = await failureOf(alone(orders));
    expect(fix).toBe(
      "Read the cause, which no further attempt can change. If the flow can go on without it, add a .catch edge.",
    );
  });

  it("E28, further: a composite, which can have no policy, is not told to get one", async () => {
    const both = all(
      "both",
      { orders: throws(new Error("x")) },
      { when: { orders: () => JSON.parse("{") === 1 } },
    );
    expect((await failureOf(alone(both))).fix).not.toContain("retry");
  });

  it("E28, further: a branch is told of settled, and a state with a .catch edge of that edge", async () => {
    expect((await failureOf(alone(each("e", throws(new Error("x")))), ["a"])).fix).toContain(
      "`settled: true`",
    );
    const results = await alone(each("e", throws(new Error("x")), { settled: true })).run(["a"]);
    expect(results).toMatchObject([
      { error: { fix: 'Read the cause. If it may pass, give "orders" a retry policy.' } },
    ]);
    const orders = throws(new Error("x"));
    const rescue = runnable("rescue", (_: unknown) => "rescued");
    const flow = orchestration("f", (o) =>
      o
        .start(orders)
        .catch(orders, rescue, { when: () => false })
        .finish(orders, rescue),
    );
    expect((await failureOf(flow)).fix).toContain("let one of its .catch edges hold for it");
  });

  it("E28, further: a timeout and an output that does not fit know of the policy, and a question of none", async () => {
    const clock = manualClock();
    const hangs = { timeout: 5, invoke: () => new Promise<string>(() => {}) };
    const late = async (state: AnyRunnable): Promise<string> => {
      const run = alone(state).start("x", { clock });
      const failed = run.result.catch((error: OrchError) => error.fix) as Promise<string>;
      await clock.advance(5);
      return failed;
    };
    expect(await late(runnable({ id: "a", ...hangs }))).toContain("give it a retry policy");
    expect(await late(runnable({ id: "a", ...hangs, retry: { attempts: 1 } }))).not.toContain("give it");
    const asks = question("q", { ask: "?", answer: z.string(), timeout: 5 });
    expect(await late(asks)).toBe(
      "Raise its timeout, or add a .catch edge for the case that nobody answers.",
    );
    const writes = { id: "a", output: z.string(), invoke: () => 5 as never };
    expect((await failureOf(alone(runnable(writes)))).fix).toContain("a retry policy helps");
    const again = runnable({ ...writes, retry: { attempts: 2, firstDelay: 1 } });
    expect((await failureOf(alone(again))).fix).toContain("more attempts help");
  });
});

describe("E29: the engine's own throw has a way out of its own", () => {
  it("E29: a list composite that is given no list", async () => {
    const e = each(
      "e",
      runnable("b", (x: string) => x),
    );
    const { message, fix } = await failureOf(alone(e), "abc");
    expect(message).toContain('"e" takes an array, and was given string(3).');
    expect(fix).toBe('Pass an array, or convert on the edge before "e".');
  });

  it.each([
    [
      "a sleep whose delay is no time",
      sleep("s", () => Number.NaN),
      "Let its function give a number of milliseconds",
    ],
    [
      "a choice that gives nothing",
      choose("c", () => undefined as never),
      "Return what runnable(id, function) gave.",
    ],
    [
      "a channel that is none",
      runnable("r", (_: string, ctx) => ctx.emit("x" as never, 1)),
      "Pass a channel first",
    ],
  ])("E29, further: %s", async (_, state, fix) => {
    expect((await failureOf(alone(state as AnyRunnable))).fix).toContain(fix);
  });

  it("E29, further: a condition that gives a promise", async () => {
    const [a, b] = [runnable("a", (x: string) => x), runnable("b", (x: string) => x)];
    const flow = orchestration("f", (o) =>
      o
        .start(a)
        .advance(a, b, { when: (async () => true) as never })
        .finish(b),
    );
    const failed = await failureOf(flow);
    expect(failed.cause).toMatchObject({
      fix: "Await it in a runnable before, and let the edge read its output.",
    });
  });

  it("E29, further: a FatalError may name its own way out", async () => {
    const { fix } = await failureOf(alone(throws(new FatalError("no key", { fix: "Set ORDERS_KEY." }))));
    expect(fix).toBe("Set ORDERS_KEY.");
  });
});

describe("E30: the first line fits two rows of a terminal, the reason first", () => {
  const firstLine = ({ message }: Error): string => message.split("\n")[0]!;

  it("E30: a path of 100 levels is shortened in the middle", async () => {
    const flow: Orchestration<string, string> = orchestration("deep", (o) => {
      const again = choose("again", (_: string) => flow);
      return o.start(again).finish(again);
    });
    const failed = await failureOf(flow);
    expect(failed.message.length).toBeLessThan(400);
    expect(failed.message.replace("\n    ", " ")).toMatch(
      /^"again" failed: The factory of "again" gave a choice 100 times over\. \(at deep\/again#1\/[^ ]*\.\.\.\/again#1[^ ]*\)\n/,
    );
    expect((failed.facts as { path: string }).path.length).toBeGreaterThan(1_000);
  });

  it("E30, further: of a race, whose failures are named first and counted", async () => {
    const down = (id: string) =>
      runnable(id, (_: string): string => {
        throw new Error(`${id} ${"is down ".repeat(30)}`);
      });
    const branches = Object.fromEntries(["a", "b", "c", "d", "e"].map((id) => [id, down(id)]));
    const failed = await failureOf(alone(race("r", branches)));
    expect(firstLine(failed).length).toBeLessThanOrEqual(160);
    expect(failed.message).toContain("; and 2 more");
    expect(failed.facts).toMatchObject({ failures: { length: 5 } });
  });

  it.each([
    ["a text of 2,000 characters", new Error("much to say. ".repeat(160))],
    ["a text without a space", new Error("x".repeat(2_000))],
    ["many issues of a schema", undefined],
  ])("E30, further: %s, of which nothing is lost", async (_, thrown) => {
    const state = throws(thrown);
    const many = z.object(Object.fromEntries([..."abcdefghijklmnop"].map((key) => [key, z.string()])));
    const failed = await failureOf(
      alone(thrown === undefined ? { ...state, output: many, invoke: () => ({}) } : state),
    );
    expect(firstLine(failed).length).toBeLessThanOrEqual(160);
    const whole = failed.message.slice(0, failed.message.indexOf("\n  Fix: ")).replace("\n    ", "");
    expect(whole.replaceAll(" ", "")).toBe(failed.says.replaceAll(" ", ""));
    if (thrown !== undefined) expect(failed.says).toContain(thrown.message);
  });

  it("E30, further: a fetch that failed says why, whoever tells it", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
    const both = new AggregateError([refused, new Error("connect ECONNREFUSED ::1:1")]);
    for (const [cause, said] of [
      [refused, "connect ECONNREFUSED 127.0.0.1:1"],
      [both, "connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED ::1:1"],
    ] as const) {
      const failed = await failureOf(alone(throws(new TypeError("fetch failed", { cause }))));
      expect(firstLine(failed)).toBe(`"orders" failed: fetch failed: ${said} (at f/orders#1)`);
    }
    const kept = alone(throws(new TypeError("fetch failed", { cause: both })));
    const run = kept.start("x", { host: memoryHost() });
    await expect(run.result).rejects.toThrow("fetch failed: connect ECONNREFUSED 127.0.0.1:1; connect");
  });
});

describe("E32: advice does not mix with the words of who threw", () => {
  const tell = runnable("tell", (text: string) => text);
  const told = (host?: ReturnType<typeof memoryHost>) => {
    const pay = throws(new FatalError("card is stolen"));
    const flow = orchestration("f", (o) =>
      o
        .start(pay)
        .catch(pay, tell, { convert: (error) => (error.cause as Error).message })
        .finish(pay, tell),
    );
    return flow.run("x", host === undefined ? {} : { host });
  };

  it("E32: a .catch gets the sentence alone", async () => {
    expect(await told()).toBe("card is stolen");
  });

  it("E32, further: on a host that keeps runs too", async () => {
    expect(await told(memoryHost())).toBe("card is stolen");
  });

  it("E32, further: in settled results and events, with the advice beside it", async () => {
    const items = each("items", throws(new FatalError("card\nis stolen")), {
      settled: true,
      terminal: () => false,
    });
    const run = alone(items).start(["x"]);
    const seen: unknown[] = [];
    for await (const event of run.events()) if (event.type === "state.failed") seen.push(event.error.cause);
    const data = {
      name: "FatalError",
      code: "ORCH_FATAL",
      message: "card\nis stolen",
      fix: "Change what it names: trying again cannot help.",
      retryable: false,
      facts: { reason: "card\nis stolen" },
    };
    expect(seen).toEqual([data]);
    expect(await run.result).toEqual([
      {
        status: "failed",
        error: expect.objectContaining({
          message: '"orders" failed: card (at f/items#1[0]/orders#1)',
          cause: data,
        }),
      },
    ]);
  });

  it("E32, further: every error of Orch tells its sentence apart from its advice", async () => {
    const failed = await failureOf(alone(throws(new Error("broken"))));
    expect(failed.says).toBe('"orders" failed: broken (at f/orders#1)');
    expect(failed.message).toContain(`\n  Fix: ${failed.fix}\n  More: `);
  });
});

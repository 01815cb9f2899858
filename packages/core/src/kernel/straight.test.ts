import { describe, expect, it } from "vitest";
import { memoryHost } from "../host.ts";
import {
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  type RunContext,
  race,
  runnable,
  sharedState,
} from "../index.ts";
import { endOfTurn } from "../platform/clock.ts";
import { LocalDriver } from "../run/local-driver.ts";
import { goStraight } from "./straight.ts";

/** A row of states in which each kind of way stands between straight ones. */
function mixed(): Orchestration<number, number> {
  const add = (id: string) => runnable(id, async (n: number) => n + 1);
  const inner = orchestration("inner", (o) => {
    const [one, two] = [add("one"), add("two")];
    return o.start(one).advance(one, two).finish(two);
  });
  const [a, b, c, d, e, g] = ["a", "b", "c", "d", "e", "g"].map(add);
  const f = runnable("f", (n: number) => {
    if (n < 20) return n + 1;
    throw new RangeError("too many");
  });
  return orchestration("mixed", (o) =>
    o
      .start(a!)
      .advance(a!, b!)
      .advance(b!, c!, { when: (n) => n > 0 })
      .advance(c!, inner)
      .advance(inner, d!)
      .advance(d!, e!, { convert: (n) => n * 2 })
      .advance(e!, f)
      .advance(f, g!, { when: (n) => n > 30 })
      .advance(f, a!)
      .catch(f, g!, { convert: () => -1 })
      .finish(g!),
  );
}

/** The events of a run, without times. */
async function eventsOf(flow: Orchestration<number, number>, hosted: boolean): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  flow.on("*", ({ time: _time, ...event }: OrchestrationEvent) => events.push({ ...event, duration: 0 }));
  const host = hosted ? await memoryHost() : undefined;
  const run = flow.start(0, { runId: "run", ...(host && { host }) });
  events.push(await run.result);
  return events;
}

describe("the straight way", () => {
  // Memory that is lost after each step has no driver that could go straight.
  const remembers = it.skipIf(process.env["ORCH_AMNESIA"]);
  remembers("tells and gives what the transition does", async () => {
    const straight = [await eventsOf(mixed(), false), await eventsOf(mixed(), true)];
    const taken: unknown[] = [];
    // Where every completion goes through the transition: a source that says that it makes runs again.
    Object.defineProperty(LocalDriver.prototype, "entering", {
      value: () => taken.push(1),
      configurable: true,
    });
    try {
      expect([await eventsOf(mixed(), false)]).toEqual([straight[0]]);
    } finally {
      delete (LocalDriver.prototype as { entering?: unknown }).entering;
    }

    expect(taken.length).toBeGreaterThan(10);
    expect(straight[1]).toEqual(straight[0]);
    expect(straight[0]!.at(-1)).toBe(0);
  });

  it("is left when something around the state was stopped", async () => {
    const waiting = Promise.withResolvers<number>();
    const wait = runnable("wait", (_: number) => waiting.promise);
    const after = runnable("after", (n: number) => n);
    const slow = orchestration("slow", (o) => o.start(wait).advance(wait, after).finish(after));
    const quick = runnable("quick", async (n: number) => {
      endOfTurn(() => waiting.resolve(2));
      return n;
    });
    const [first, second] = ["first", "second"].map((id) => runnable(id, (n: number) => n));
    const both = race("both", { quick, slow });
    const flow = orchestration("flow", (o) =>
      o.start(first!).advance(first!, second!).advance(second!, both).finish(both),
    );
    const started: string[] = [];
    flow.on("state.started", ({ state }) => {
      started.push(state);
    });

    await flow.run(1);
    expect(started).toEqual(["first", "second", "both", "quick", "slow", "wait"]);
  });

  it("counts visits and steps to the limit", async () => {
    const ping = runnable("ping", (n: number) => n + 1);
    const pong = runnable("pong", (n: number) => n + 1);
    const flow = orchestration(
      "flow",
      (o) =>
        o
          .start(ping)
          .advance(ping, pong)
          .advance(pong, ping, { when: (n) => n < 1e9 })
          .finish(pong),
      {
        maxSteps: 200,
      },
    );
    const visits: number[] = [];
    flow.on("state.started", ({ visit }) => visits.push(visit));

    await expect(flow.run(0)).rejects.toMatchObject({ code: "ORCH_MAX_STEPS" });
    expect(visits.at(-1)).toBe(101);
  });

  it("releases the signal of a state that read it, and counts what it wrote", async () => {
    const log = sharedState("log", {
      items: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
    });
    let kept: AbortSignal | undefined;
    const read = runnable("read", async (n: number, ctx: RunContext) => {
      kept = ctx.signal;
      return n;
    });
    const write = runnable("write", (n: number, ctx: RunContext) => {
      ctx.state(log).add("items", [`${n}`]);
      return n;
    });
    const tell = runnable("tell", (_: number, ctx: RunContext) => ctx.state(log).get("items"));
    const flow = orchestration("flow", (o) =>
      o.start(read).advance(read, write).advance(write, tell).finish(tell),
    );

    expect(await flow.run(7)).toEqual(["7"]);
    expect(kept?.aborted).toBe(false);
  });

  // V8 puts functions of up to 460 bytes of bytecode into their callers, and compiles them there again.
  it("is taken by one function, which hands on what is not straight", () => {
    const completion = { kind: "cancel", reason: "enough" } as const;

    expect(goStraight(completion, { next: () => undefined } as never, undefined)).toBe(completion);
  });
});

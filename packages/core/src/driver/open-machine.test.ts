import { describe, expect, it } from "vitest";
import { all } from "../define/all.ts";
import { choose } from "../define/choose.ts";
import { orchestration } from "../define/orchestration.ts";
import { race } from "../define/race.ts";
import { sleep } from "../define/sleep.ts";
import type { AnyOrchestration } from "../durable/version-of.ts";
import { runnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import type { Arrival } from "./arrival.ts";
import type { Effect, Operation } from "./effect.ts";
import { openMachine } from "./open-machine.ts";
import type { Outcome } from "./outcome.ts";
import { performOperation } from "./perform-operation.ts";
import type { RunMachine, TakenArrival } from "./run-machine.ts";

const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
};

const open = (flow: unknown, input: string = "x"): RunMachine =>
  openMachine(flow as AnyOrchestration, input, { runId: "r", grace: 50 });

const idsOf = (taken: TakenArrival): string[] => taken.effects.map(({ kind, id }) => `${kind} ${id}`);
const begin: Arrival = { kind: "begin", at: 1 };
const done = (id: string, value: string): Arrival => ({
  kind: "ran",
  id,
  at: 2,
  outcome: { kind: "completed", value },
});
const operationIn = ({ effects }: TakenArrival): Operation =>
  (effects.find(({ kind }) => kind === "run") as Effect & { readonly kind: "run" }).operation;

/** Performs what is wanted, as long as it is wanted; gives what arrived with what was decided. */
async function drive(machine: RunMachine, first = begin): Promise<[Arrival, TakenArrival][]> {
  const inbox = [first];
  const kept: [Arrival, TakenArrival][] = [];
  for (let arrival = inbox.shift(); arrival !== undefined; arrival = inbox.shift()) {
    const taken = machine.take(arrival);
    kept.push([arrival, taken]);
    for (const effect of taken.effects) {
      if (effect.kind !== "run") continue;
      const outcome = await machine.perform(effect.operation);
      inbox.push({ kind: "ran", id: effect.id, at: arrival.at + 1, outcome });
    }
  }
  return kept;
}

describe("a run as a function of what arrives", () => {
  it("asks no condition, conversion or delay again when it is made again", async () => {
    let asked = 0;
    const once = <TValue>(value: TValue): TValue => {
      asked += 1;
      if (asked > 3) throw new Error("it was asked again");
      return value;
    };
    const a = runnable("a", (input: string) => `${input}a`);
    const b = runnable("b", (input: string) => `${input}b`);
    const wait = sleep("wait", (_: string) => once(500));
    const flow = orchestration("flow", (o) =>
      o
        .start(a)
        .advance(a, wait, { when: () => once(true) })
        .advance(wait, b, { convert: (input) => once(`${input}!`) })
        .finish(b),
    );
    const first = open(flow);
    const kept = await drive(first);
    kept.push(...(await drive(first, { kind: "woke", id: "flow/wait#1!wait", at: 600 })));
    expect(first.end).toEqual({ kind: "completed", value: "xa!b" });

    const again = open(flow);
    for (const [arrival, { decisions, effects, events }] of kept) {
      const taken = again.take(JSON.parse(JSON.stringify(arrival)), JSON.parse(JSON.stringify(decisions)));
      expect(taken.effects).toEqual(effects);
      expect(taken.events).toEqual(events);
    }
    expect(again.end).toEqual(first.end);
  });

  it("refuses what was kept by another definition", async () => {
    const [a, b] = ["a", "b"].map((id) => runnable(id, (input: string) => input + id));
    const before = orchestration("flow", (o) => o.start(a!).advance(a!, b!).finish(b!));
    const after = orchestration("flow", (o) => o.start(a!).finish(a!));
    const kept = await drive(open(before));
    const again = open(after);
    const replay = (): void => {
      for (const [arrival, { decisions }] of kept) again.take(arrival, decisions);
    };
    expect(replay).toThrow(expect.objectContaining({ code: "ORCH_VERSION_MISMATCH" }));
  });

  it("ignores what comes twice, what was dropped, and everything after its end", () => {
    const branch = (id: string) => runnable(id, async (input: string) => input);
    const flow = orchestration("flow", (o) => {
      const first = race("first", { a: branch("a"), b: branch("b") });
      return o.start(first).finish(first);
    });
    const machine = open(flow);
    expect(idsOf(machine.take(begin))).toEqual(["run flow/first#1[a]/a#1@1", "run flow/first#1[b]/b#1@1"]);
    expect(idsOf(machine.take(done("flow/first#1[a]/a#1@1", "a")))).toEqual([
      "wake flow/first#1!grace",
      "abort flow/first#1[b]/b#1@1",
    ]);
    expect(idsOf(machine.take(done("flow/first#1[a]/a#1@1", "again")))).toEqual([]);
    expect(idsOf(machine.take({ kind: "woke", id: "flow/first#1!grace", at: 60 }))).toEqual([
      "drop flow/first#1[b]/b#1@1",
    ]);
    expect(machine.end).toEqual({ kind: "completed", value: "a" });
    expect(machine.take(done("flow/first#1[b]/b#1@1", "late")).events).toEqual([]);
    expect(idsOf(machine.take({ kind: "cancel", reason: "late", at: 70 }))).toEqual([]);
  });

  it("pauses before a retry by a wake, and goes on with the attempt that is next", async () => {
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: 100, jitter: false },
      invoke: (input: string, ctx): string => {
        if (ctx.attempt === 1) throw new RangeError("not yet");
        return `${input}${ctx.attempt}`;
      },
    });
    const machine = open(orchestration("flow", (o) => o.start(flaky).finish(flaky)));
    const kept = await drive(machine);
    expect(kept.at(-1)![1].effects).toEqual([{ kind: "wake", id: "flow/flaky#1@2!retry", due: 102 }]);
    const later = await drive(machine, { kind: "woke", id: "flow/flaky#1@2!retry", at: 102 });
    expect(idsOf(later[0]![1])).toEqual(["run flow/flaky#1@2"]);
    expect(machine.end).toEqual({ kind: "completed", value: "x2" });
  });
});

describe("a question of a runnable", () => {
  const curious = runnable("curious", async (input: string, ctx) => {
    const kept = await ctx.once("kept", () => "once");
    return `${input} ${kept} ${await ctx.ask({ name: "why", prompt: "why?", answer: text })}`;
  });
  const flow = orchestration("flow", (o) => o.start(curious).finish(curious));
  const why = "flow/curious#1/why";

  it("is asked again after an answer that does not fit, and closed by one that does", async () => {
    const machine = open(flow);
    const [, [, asked]] = (await drive(machine)) as [unknown, [Arrival, TakenArrival]];
    expect(idsOf(asked)).toEqual([`ask ${why}`]);
    expect(asked.events.map(({ type }) => type)).toEqual(["question.asked", "run.waiting"]);
    expect(await machine.check(why, 7)).toEqual({ kind: "unchecked", value: 7 });

    const answer = (value: number | string): Arrival => ({
      kind: "answer",
      question: why,
      answer: { kind: "unchecked", value },
      at: 9,
    });
    const [first, refused] = await drive(machine, answer(7));
    expect(idsOf(first![1])).toEqual(["run flow/curious#1@1.2"]);
    expect(refused![1].effects).toEqual([
      { kind: "verdict", id: why, turn: 1, issues: [{ message: "expected a text" }] },
      { kind: "ask", id: why, question: expect.objectContaining({ id: why, turn: 2 }) },
    ]);
    const taken = machine.take(answer("because"));
    expect(await machine.check(why, "late")).toBe("duplicate");
    const outcome = await machine.perform(operationIn(taken));
    const last = machine.take({ kind: "ran", id: operationIn(taken).id, at: 10, outcome });
    expect(last.effects).toEqual([{ kind: "verdict", id: why, turn: 2 }]);
    expect(machine.end).toEqual({ kind: "completed", value: "x once because" });
    expect(await machine.check(why, "late")).toBe("duplicate");
    expect(await machine.check("flow/other", "x")).toBe("unknown");
  });

  it("keeps a value of ctx.once at once where the driver can", async () => {
    const machine = open(flow);
    const operation = operationIn(machine.take(begin));
    const keep = (_: Operation, name: string, value: unknown): void =>
      void machine.take({ kind: "noted", id: operation.id, name, value: value as string, at: 3 });
    const outcome = await machine.perform(operation, { keep });
    expect(outcome).not.toHaveProperty("notes");
    machine.take({ kind: "ran", id: operation.id, at: 4, outcome });
    const next = operationIn(
      machine.take({ kind: "answer", question: why, answer: { kind: "unchecked", value: "so" }, at: 5 }),
    );
    expect(next.notes).toEqual([["once:kept", "once"]]);
  });
});

describe("an attempt that is performed elsewhere", () => {
  const elsewhere = (flow: unknown, operation: Operation): Outcome | Promise<Outcome> =>
    performOperation(flow as AnyOrchestration, JSON.parse(JSON.stringify(operation)) as Operation);

  it("finds its runnable in branches, choices and nested orchestrations", async () => {
    const leaf = runnable("leaf", (input: string, ctx) => `${input} at ${ctx.path}`);
    const inner = orchestration("inner", (o) => o.start(leaf).finish(leaf));
    const pick = choose("pick", (input: string) => (input === "x" ? inner : leaf));
    const named = choose(
      "named",
      { made: () => leaf, far: { to: leaf, convert: (input) => `far ${input}` } },
      (input: string) => (input === "x" ? "far" : "made"),
    );
    const fan = all("fan", { one: pick, three: leaf, two: named });
    const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
    const { effects } = open(flow).take(begin);
    const outcomes = effects.map((effect) =>
      effect.kind === "run" ? elsewhere(flow, effect.operation) : undefined,
    );
    expect(outcomes).toEqual([
      { kind: "completed", value: "x at flow/fan#1[one]/pick#1/inner#1/leaf#1" },
      { kind: "completed", value: "x at flow/fan#1[three]/leaf#1" },
      { kind: "completed", value: "far x at flow/fan#1[two]/named#1/far#1" },
    ]);
  });

  it("waits for what a promise with a then of its own gives", async () => {
    const given = Promise.resolve("x");
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    Object.defineProperty(given, "then", {
      value: (give: (it: unknown) => void) => give(Promise.resolve("y")),
    });
    const a = runnable("a", (_: string) => given);
    const flow = orchestration("flow", (o) => o.start(a).finish(a));
    const outcome = await elsewhere(flow, operationIn(open(flow).take(begin)));
    expect(outcome).toEqual({ kind: "completed", value: "y" });
  });

  it("fails with a sentence where the definition has no such place", () => {
    const a = runnable("a", (input: string) => input);
    const flow = orchestration("flow", (o) => o.start(a).finish(a));
    const outcome = elsewhere(flow, { id: "i", runId: "r", path: "flow/b#1", visit: 1, attempt: 1 });
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "ORCH_FATAL" } });
  });
});

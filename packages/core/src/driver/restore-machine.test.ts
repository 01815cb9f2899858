import { expect, it } from "vitest";
import { all } from "../define/all.ts";
import { background } from "../define/background.ts";
import { blueprint } from "../define/blueprint.ts";
import { collect } from "../define/collect.ts";
import { each } from "../define/each.ts";
import { orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { signal } from "../define/signal.ts";
import { sleep } from "../define/sleep.ts";
import { until } from "../define/until.ts";
import type { AnyOrchestration } from "../durable/version-of.ts";
import { OrchestrationAdvancer } from "../words/advancer.ts";
import { runnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import type { Arrival } from "./arrival.ts";
import { openMachine, restoreMachine } from "./open-machine.ts";
import type { RunMachine } from "./run-machine.ts";

const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) => (typeof value === "string" ? { value } : { issues: [{ message: "no text" }] }),
  },
};
const options = { runId: "r", grace: 50 };

/** Callbacks of the user that were asked. */
let asked = 0;
const count = <TValue>(value: TValue): TValue => {
  asked += 1;
  return value;
};

const plan = runnable("plan", (input: string) => input);
const ask = question<string, string>("ask", {
  ask: (input) => count(`${input}?`),
  answer: text,
  timeout: 9_000,
});
const nap = sleep<string>("nap", () => count(500));
const curious = runnable(
  "curious",
  async (input: string, ctx) => `${input}${await ctx.ask({ name: "why", prompt: "why?", answer: text })}`,
);
const flaky = runnable({
  id: "flaky",
  retry: { attempts: 2, firstDelay: 100, jitter: false },
  invoke: (input: string, ctx): string => {
    if (ctx.attempt === 1) throw new RangeError("not yet");
    return `${input}${ctx.attempt}`;
  },
});
const slow = runnable("slow", async (input: string) => input);
const paid = signal("paid", text);
const payment = until<string, string>("payment", { signal: paid, timeout: 800 });
const together = all("together", { ask, nap, curious, flaky, slow, payment });
const done = runnable("done", (results: unknown) => JSON.stringify(results));
const flow = orchestration(
  "flow",
  (o) => o.start(plan).advance(plan, together).advance(together, done).finish(done),
  { deadline: 60_000 },
) as unknown as AnyOrchestration;

/** Takes arrivals, and performs what is wanted; what is called "slow" stays under way. */
async function drive(machine: RunMachine, ...arrivals: readonly Arrival[]): Promise<readonly unknown[]> {
  const inbox = [...arrivals];
  const told: unknown[] = [];
  for (let arrival = inbox.shift(); arrival !== undefined; arrival = inbox.shift()) {
    const { effects, events, decisions } = machine.take(arrival);
    told.push({ effects, events, decisions });
    for (const effect of effects) {
      if (effect.kind !== "run" || effect.operation.path.includes("slow")) continue;
      const outcome = await machine.perform(effect.operation);
      inbox.push({ kind: "ran", id: effect.id, at: arrival.at + 1, outcome });
    }
  }
  return told;
}

const inside = (name: string): string => `flow/together#1[${name}]/${name}#1`;
const LATER: readonly Arrival[] = [
  { kind: "woke", id: `${inside("flaky")}@2!retry`, at: 200 },
  { kind: "answer", question: inside("ask"), answer: { kind: "accepted", value: "yes" }, at: 300 },
  {
    kind: "answer",
    question: `${inside("curious")}/why`,
    answer: { kind: "unchecked", value: "so" },
    at: 301,
  },
  { kind: "signal", signal: "paid", value: "all", at: 302 },
  { kind: "woke", id: `${inside("nap")}!wait`, at: 600 },
  { kind: "ran", id: `${inside("slow")}@1`, outcome: { kind: "completed", value: "x" }, at: 700 },
];

it("goes on as one that took all arrivals, and asks no callback again", async () => {
  const whole = openMachine(flow, "x", options);
  await drive(whole, { kind: "begin", at: 1 });
  const kept = whole.snapshot()!;
  asked = 0;
  const { machine, effects } = restoreMachine(flow, kept, options)!;

  expect(asked).toBe(0);
  expect(effects.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([
    `ask ${inside("ask")}`,
    `ask ${inside("curious")}/why`,
    `run ${inside("slow")}@1`,
    "wake flow!deadline",
    `wake ${inside("ask")}!wait`,
    `wake ${inside("flaky")}@2!retry`,
    `wake ${inside("nap")}!wait`,
    `wake ${inside("payment")}!wait`,
  ]);
  expect(machine.snapshot()).toBe(kept);
  expect(await drive(machine, ...LATER)).toEqual(await drive(whole, ...LATER));
  expect(machine.end).toEqual(whole.end);
  expect(machine.end).toMatchObject({ kind: "completed" });
});

it("goes on with a background, with states that were made on the way, and with results that are handed on", async () => {
  const check = question<string, string>("check", { ask: (about) => about, answer: text });
  const aside = background("aside", check);
  const talk = blueprint("talk", (left: number) =>
    question<string, string>(`talk-${left}`, { ask: (about) => `${about} ${left}`, answer: text }),
  );
  class Talks extends OrchestrationAdvancer<string, string> {
    override readonly targets = [talk];
    override shouldAdvance(said: string): boolean {
      return said.length < 4;
    }
    override convertOutput(said: string): string {
      return said;
    }
    override getNextRunnable(said: string) {
      return talk(said.length);
    }
  }
  const fan = each(
    "fan",
    runnable("twice", (word: string) => `${word}${word}`),
    { follow: check },
  );
  const taken = collect("taken", aside);
  const talks = orchestration<string, unknown>("talks", (o) =>
    o
      .start(aside)
      .advanceBy(aside, new Talks())
      .advanceBy(talk as never, new Talks() as never)
      .advance(talk as never, fan as never, { convert: (said: string) => said.split("") })
      .advance(fan, taken)
      .finish(taken),
  ) as unknown as AnyOrchestration;
  const answers: readonly (readonly [question: string, answer: string])[] = [
    ["talks/talk#1", "abc"],
    ["talks/talk#2", "abcd"],
    ["talks/fan#1[0]/check#1", "first"],
    ["talks/fan#1[1]/check#1", "second"],
    ["talks/fan#1[2]/check#1", "third"],
    ["talks/fan#1[3]/check#1", "fourth"],
    ["talks/aside#1[check]/check#1", "checked"],
  ];
  const whole = openMachine(talks, "a", options);
  let restored = openMachine(talks, "a", options);
  const begin: Arrival = { kind: "begin", at: 1 };
  expect(await drive(restored, begin)).toEqual(await drive(whole, begin));
  for (const [question, value] of answers) {
    restored = restoreMachine(talks, restored.snapshot()!, options)!.machine;
    const answer: Arrival = { kind: "answer", question, answer: { kind: "accepted", value }, at: 2 };
    expect(await drive(restored, answer), question).toEqual(await drive(whole, answer));
  }
  expect(restored.end).toEqual({ kind: "completed", value: "checked" });
  expect(whole.end).toEqual(restored.end);
});

it("leaves it to the driver how questions ended", async () => {
  const whole = openMachine(flow, "x", options);
  await drive(whole, { kind: "begin", at: 1 });
  await drive(whole, LATER[1]!);
  expect(await whole.check(inside("ask"), "late")).toBe("duplicate");
  const { machine } = restoreMachine(flow, whole.snapshot()!, options)!;
  expect(await machine.check(inside("ask"), "late")).toBe("unknown");
});

it("makes none where the run has ended or is being stopped, and reads none of another definition or that is damaged", async () => {
  const machine = openMachine(flow, "x", options);
  await drive(machine, { kind: "begin", at: 1 });
  const kept = machine.snapshot()!;
  const other = orchestration("flow", (o) => o.start(plan).finish(plan)) as unknown as AnyOrchestration;
  expect(restoreMachine(other, kept, options)).toBeUndefined();
  for (const damaged of ["", kept.slice(0, -1), kept.slice(1), kept.replace("nap#1", "nip#1")])
    expect(restoreMachine(flow, damaged, options)).toBeUndefined();
  machine.take({ kind: "cancel", reason: "enough", at: 5 });
  expect(machine.snapshot()).toBeUndefined();
  machine.take({ kind: "woke", id: "flow!grace", at: 60 });
  expect(machine.end).toMatchObject({ kind: "cancelled" });
  expect(machine.snapshot()).toBeUndefined();
});

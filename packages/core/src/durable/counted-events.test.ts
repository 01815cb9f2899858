import { describe, expect, it } from "vitest";
import { z } from "zod";
import { all } from "../define/all.ts";
import { each } from "../define/each.ts";
import { orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { Recorder } from "../kernel/recorder.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { runnable } from "../words/runnable.ts";
import { strictJson } from "./codec.ts";
import { DurableHost } from "./durable-host.ts";
import { effective } from "./effective.ts";
import { fold } from "./fold.ts";
import { memoryStore } from "./memory-store.ts";

const word = (id: string) => runnable(id, (text: string) => `${text}${id}`);
const items = each("items", word("item"));
const sides = all("sides", { a: word("a"), b: word("b") }, { when: { b: () => false } });
const settling = all("settling", { good: word("good"), bad: runnable("bad", fails) }, { settled: true });
const asks = runnable("asks", async (text: string, ctx) => {
  return `${text}${await ctx.ask({ name: "who", prompt: text, answer: z.string() })}`;
});
const sure = question("sure", { ask: (text: string) => `${text}?`, answer: z.string() });
const flow = orchestration("flow", (o) =>
  o
    .start(items)
    .advance(items, sides, { convert: ([text = ""]) => text })
    .advance(sides, settling, { convert: ({ a }) => a })
    .advance(settling, asks, { convert: () => "x" })
    .advance(asks, sure)
    .finish(sure),
);

function fails(_text: string): string {
  throw new RangeError("no");
}

describe("events that nobody heard", () => {
  it("are counted as they would be told, wherever a journal ends", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const result = flow.run(["x", "y"], { host, runId: "r" });
    for (const id of ["flow/asks#1/who", "flow/sure#1"]) {
      await expect.poll(() => host.questions(flow, "r").then(([open]) => open?.id)).toBe(id);
      await host.answer(flow, "r", id, "z");
    }
    expect(await result).toBe("z");

    const records = [...(await store.load("r"))!];
    const options = { runId: "r", codec: strictJson, grace: 100 };
    for (let length = 1; length <= records.length; length++) {
      const told: OrchestrationEvent[] = [];
      const clock = { now: () => 0, after: () => () => {} };
      const recorder = new Recorder("r", clock, (event) => told.push(event));
      const counted = effective(records.slice(0, length));
      fold(flow, counted, { ...options, recorder });
      expect(fold(flow, counted, options).events).toBe(told.length);
    }
  });
});

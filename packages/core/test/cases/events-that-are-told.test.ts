import {
  isOrchError,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  runnable,
  type Schema,
} from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { anything } from "../sample-flows.ts";

async function typesOf(run: Run<unknown>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of run.events()) types.push(type);
  return types;
}

describe("E17: a question that cannot be kept is not told", () => {
  const map = () => new Map();

  it("of a question state", async () => {
    const q = question("q", { ask: map, answer: anything });
    const run = orchestration("f", (o) => o.start(q).finish(q)).start(undefined, { host: memoryHost() });

    expect(await typesOf(run)).toEqual(["run.started", "state.started", "state.failed", "run.failed"]);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    await expect(run.result).rejects.toThrow(/prompt of "q"/);
  });

  it("further: of ctx.ask", async () => {
    const asks = runnable("asks", (_: undefined, ctx) => ctx.ask({ prompt: map(), answer: anything }));
    const flow = orchestration("f", (o) => o.start(asks).finish(asks));
    const run = flow.start(undefined, { host: memoryHost() });

    expect(await typesOf(run)).toEqual(["run.started", "state.started", "state.failed", "run.failed"]);
    expect(run.questions).toEqual([]);
  });

  it("further: and an answer that cannot be kept is not told", async () => {
    const odd: Schema<unknown> = {
      "~standard": { version: 1, vendor: "test", validate: () => ({ value: new Map() }) },
    };
    const asks = runnable("asks", (_: undefined, ctx) => ctx.ask({ prompt: "?", answer: odd }));
    const flow = orchestration("f", (o) => o.start(asks).finish(asks));
    const run = flow.start(undefined, { host: memoryHost() });
    const types: string[] = [];
    for await (const event of run.events()) {
      types.push(event.type);
      if (event.type === "run.waiting") await run.answer(event.questions[0]!, 1).catch(() => {});
      if (event.type === "run.waiting" && run.questions.length > 0) await run.cancel("no");
    }

    expect(types).not.toContain("question.answered");
  });
});

describe("E20: a listener for an event that does not exist is refused", () => {
  const a = runnable("a", (text: string) => text);
  const flow = orchestration("f", (o) => o.start(a).finish(a));
  const on = (name: string) => flow.on(name as "*", () => {});

  it.each([
    ["StateStarted", "state.started"],
    ["StateCompleted", "state.completed"],
    ["StateTransition", "state.transition"],
    ["OrchestrationCompleted", "run.completed"],
    ["OrchestrationFailed", "run.failed"],
    ["orchestration.started", "run.started"],
    ["state.complete", "state.completed"],
    ["STATE_FAILED", "state.failed"],
    ["questionAsked", "question.asked"],
    ["waiting", "run.waiting"],
  ])("%s: with the nearest name, %s", (name, nearest) => {
    let thrown: unknown;
    try {
      on(name);
    } catch (error) {
      thrown = error;
    }

    expect(isOrchError(thrown, "ORCH_UNKNOWN_EVENT") && thrown.facts).toEqual({ event: name, nearest });
    expect(String(thrown)).toContain(`Listen to "${nearest}", or to "*"`);
  });

  it("further: also a name that every object has, and a symbol", () => {
    expect(() => on("constructor")).toThrow(/There is no event "constructor"/);
    expect(() => on(Symbol("run.started") as never)).toThrow(/There is no event/);
    expect(flow.listeners()).toEqual([]);
  });

  it("further: and one that exists is taken, with a listener that hears it", async () => {
    const heard: OrchestrationEvent[] = [];
    const off = flow.on("state.started", (event) => heard.push(event));
    await flow.run("x");
    off();

    expect(heard).toHaveLength(1);
  });
});

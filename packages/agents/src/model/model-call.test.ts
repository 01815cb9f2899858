import { manualClock, scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { agent } from "../agent/agent.ts";
import { runAgent, streamAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import type { Model, ModelEvent, ModelRequest } from "../words/model.ts";

function badModel(stream: (request: ModelRequest) => AsyncIterable<ModelEvent>): Model {
  return { ...scriptedModel([]), stream };
}

describe("a model that breaks its contract", () => {
  it("by ending without a finish stops the run, and keeps what it sent", async () => {
    const model = badModel(async function* () {
      yield { type: "text", index: 0, delta: "Half " };
      yield { type: "text", index: 0, delta: "an answer" };
    });
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result).toMatchObject({ stopReason: "error", failure: { kind: "protocol" } });
    expect(result.messages.at(-1)).toMatchObject({ content: [{ text: "Half an answer" }] });
  });

  it("by throwing in mid-stream stops the run, and keeps what it sent", async () => {
    const model = badModel(async function* () {
      yield { type: "text", index: 0, delta: "Half" };
      throw new TypeError("boom, with key sk-live-0123456789");
    });
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result.failure?.message).toContain("boom, with key [redacted]");
    expect(result.messages).toHaveLength(2);
  });

  it("by a cleanup that never ends does not hold up the answer, and its cleanup begins", async () => {
    let left = false;
    const whole = scriptedModel(["Done."]);
    const wrapper = badModel(async function* (request) {
      try {
        yield* whole.stream(request);
      } finally {
        left = true;
        await new Promise(() => {});
      }
    });
    const result = await runAgent(agent({ name: "a", model: wrapper }), "go");
    expect(result).toMatchObject({ stopReason: "done", output: "Done." });
    expect(left).toBe(true);
  });

  it("by not stopping is left behind a second after the cancel, and is no longer heard", async () => {
    const clock = manualClock();
    const stop = new AbortController();
    let goOn: () => void = () => {};
    let closed = false;
    const model = badModel(async function* () {
      try {
        yield { type: "text", index: 0, delta: "One" };
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield { type: "text", index: 0, delta: "Two" };
        yield { type: "text", index: 0, delta: "Three" };
      } finally {
        closed = true;
      }
    });
    const events: AgentEvent[] = [];
    const running = runAgent(agent({ name: "a", model }), "go", {
      clock,
      signal: stop.signal,
      onEvent: (event) => void events.push(event),
    });
    await clock.advance(0);
    stop.abort();
    await clock.advance(1_000);
    expect(await running).toMatchObject({ stopReason: "aborted" });
    const heard = events.length;
    expect(events.at(-1)?.type).toBe("agent.completed");
    goOn();
    await clock.advance(0);
    expect(events).toHaveLength(heard);
    expect(closed).toBe(true);
    expect(clock.pending()).toBe(0);
  });
});

it("lets a programming mistake through that shows before the first event, with the run's end told", async () => {
  const model = badModel(() => {
    throw new TypeError("no such setting");
  });
  const types: string[] = [];
  const onEvent = ({ type }: AgentEvent): void => void types.push(type);
  await expect(runAgent(agent({ name: "a", model }), "go", { onEvent })).rejects.toThrow("no such setting");
  expect(types.at(-1)).toBe("agent.completed");
  await expect(streamAgent(agent({ name: "a" }), "go").next()).rejects.toMatchObject({
    code: "ORCH_MISSING_MODEL",
  });
});

import { orchestration, question, runnable } from "@orch/core";
import { manualClock } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { orchestrationRuntime } from "../configurations/orchestration-runtime.ts";
import { ChatRuntime } from "../runtime/chat-runtime.ts";

it("describe tells where a turn waits, what it spent and what came last, as plain JSON, and nothing between turns", async () => {
  const draft = runnable("draft", (text: string, ctx) => {
    ctx.spend({ inputTokens: 3, outputTokens: 2, cost: 0.5 });
    return text;
  });
  const approve = question("approve", { ask: (text: string) => `Send "${text}"?`, answer: z.boolean() });
  const flow = orchestration<string, boolean>("sending", (o) =>
    o.start(draft).advance(draft, approve).finish(approve),
  );
  const clock = manualClock(1000);
  const runtime = new ChatRuntime(
    orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: String }),
    { clock, sessionId: "s" },
  );
  expect(runtime.describe()).toBeUndefined();
  const turn = runtime.send("it");
  for await (const event of turn) {
    if (event.type !== "run.waiting") continue;
    const described = runtime.describe()!;
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
    expect(described).toMatchObject({
      turnId: turn.id,
      sessionId: "s",
      configuration: "sending",
      startedAt: 1000,
      status: "waiting",
      usage: { input: 3, output: 2 },
      cost: 0.5,
      states: [{ path: "sending/approve#1", state: "approve", since: 1000 }],
      questions: [{ prompt: 'Send "it"?' }],
    });
    expect(described.lastEvents[0]).toEqual({ type: "turn.started", time: 1000 });
    await turn.answer(described.questions[0]!.question, true);
  }
  expect(runtime.describe()).toBeUndefined();
});

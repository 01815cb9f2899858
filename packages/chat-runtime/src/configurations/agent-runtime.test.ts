import { agent, textOf, tool } from "@orch/agents";
import { scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ChatRuntime } from "../runtime/chat-runtime.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import { agentRuntime } from "./agent-runtime.ts";

const weather = tool({
  name: "weather",
  description: "The weather of a city.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `rain in ${city}`,
});

async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}

describe("agentRuntime", () => {
  it("remembers the whole conversation, tool calls and results included", async () => {
    const model = scriptedModel([
      { text: "Let me look.", calls: [{ name: "weather", input: { city: "Brno" } }] },
      "It rains.",
      "Yes, still.",
    ]);
    const runtime = new ChatRuntime(agentRuntime(agent({ name: "weather man", model, tools: [weather] })));
    const stream = runtime.send("Weather in Brno?");
    expect(textOf((await stream.reply).message)).toBe("It rains.");
    const events = await all(stream);
    expect(events.map((event) => (event.type === "message.delta" ? event.text : "")).join("")).toBe(
      "Let me look.It rains.",
    );
    expect(events.at(-1)).toMatchObject({
      type: "turn.completed",
      usage: { input: 20, output: 10 },
      value: "It rains.",
    });
    expect(runtime.history).toMatchObject([
      { role: "user" },
      { role: "assistant", content: [{ type: "text" }, { type: "tool-call", name: "weather" }] },
      { role: "tool", content: [{ type: "tool-result", output: "rain in Brno" }] },
      { role: "assistant", content: [{ type: "text", text: "It rains." }] },
    ]);
    await runtime.invoke("Still?");
    expect(model.requests[2]?.messages.filter((message) => message.role !== "system")).toHaveLength(5);
  });

  describe("a tool call that needs approval", () => {
    function gated() {
      const ran: string[] = [];
      const remove = tool({
        name: "remove",
        description: "Removes a file.",
        input: z.object({ path: z.string() }),
        approve: true,
        invoke: ({ path }) => {
          ran.push(path);
          return "removed";
        },
      });
      const model = scriptedModel([{ calls: [{ name: "remove", input: { path: "a" } }] }, "Well.", "Hello."]);
      return { ran, cleaner: agent({ name: "cleaner", model, tools: [remove] }) };
    }

    it("is a question of the turn, answered by its reader", async () => {
      const { ran, cleaner } = gated();
      const turn = new ChatRuntime(agentRuntime(cleaner)).send("Go");
      for await (const event of turn)
        if (event.type === "question.asked") await turn.answer(event.question, true);
      expect(textOf((await turn.reply).message)).toBe("Well.");
      expect(ran).toEqual(["a"]);
    });

    it("ends a turn that nobody hears, with the call in the sentence, and does not run", async () => {
      const { ran, cleaner } = gated();
      const runtime = new ChatRuntime(agentRuntime(cleaner));
      await expect(runtime.invoke("Go")).rejects.toMatchObject({
        code: "ORCH_TURN_UNANSWERED",
        message: expect.stringContaining('May the tool "remove" run with {"path":"a"}?'),
      });
      expect(ran).toEqual([]);
      expect(runtime.session?.turns[0]?.status).toBe("cancelled");
      expect(runtime.history.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
      expect(textOf(await runtime.invoke("And now?"))).toBe("Well.");
    });

    it("is answered by a listener also where only the reply is waited for", async () => {
      const { ran, cleaner } = gated();
      const runtime = new ChatRuntime(agentRuntime(cleaner));
      runtime.on("question.asked", ({ question }) => runtime.answer(question, false));
      expect(textOf(await runtime.invoke("Go"))).toBe("Well.");
      expect(ran).toEqual([]);
    });

    it("goes to the function that was given", async () => {
      const { ran, cleaner } = gated();
      const runtime = new ChatRuntime(agentRuntime(cleaner, { onApproval: () => true }));
      expect(textOf(await runtime.invoke("Go"))).toBe("Well.");
      expect(ran).toEqual(["a"]);
    });
  });

  it("keeps the half of an answer that was cancelled, and goes on from there", async () => {
    const model = scriptedModel([{ text: "Once upon a", stall: true }, "All right."]);
    const runtime = new ChatRuntime(agentRuntime(agent({ name: "teller", model })));
    const stream = runtime.send("A story!");
    for await (const event of stream)
      if (event.type === "message.delta" && event.text.includes("upon")) break;
    await stream.cancel("enough");
    await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    expect(runtime.session?.turns[0]?.status).toBe("cancelled");
    expect(runtime.history).toHaveLength(2);
    expect(runtime.history[1]).toMatchObject({
      content: [{ type: "text", text: expect.stringContaining("Once upon") }],
      finish: { reason: "aborted" },
    });
    expect(textOf(await runtime.invoke("Another one."))).toBe("All right.");
  });

  it("leaves no tool call open when it is cancelled while the tool runs", async () => {
    const started = Promise.withResolvers<void>();
    const forever = tool({
      name: "forever",
      description: "Never ends.",
      input: z.object({}),
      invoke: (_input, { signal }) => {
        started.resolve();
        return new Promise<string>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
      },
    });
    const model = scriptedModel([
      {
        calls: [
          { name: "forever", input: {} },
          { name: "forever", input: {} },
        ],
      },
      "Good.",
    ]);
    const runtime = new ChatRuntime(agentRuntime(agent({ name: "waiter", model, tools: [forever] })));
    const stream = runtime.send("Go");
    await started.promise;
    await stream.cancel();
    const calls = runtime.history.flatMap((one) =>
      one.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : [])),
    );
    const results = runtime.history.flatMap((one) =>
      one.content.flatMap((part) => (part.type === "tool-result" ? [part.id] : [])),
    );
    expect(calls).toHaveLength(2);
    expect(results).toEqual(calls);
    expect(textOf(await runtime.invoke("And now?"))).toBe("Good.");
  });

  it("fails with what the provider said, and goes on with another model", async () => {
    const failing = scriptedModel([
      { text: "I was", failure: { kind: "auth", message: "Bad key.", retryable: false } },
    ]);
    const helper = agent({ name: "helper" });
    const runtime = new ChatRuntime(agentRuntime(helper, { model: failing }));
    await expect(runtime.invoke("Hi")).rejects.toMatchObject({
      code: "ORCH_AGENT_STOPPED",
      facts: { stopReason: "error", failure: { message: "Bad key." } },
    });
    expect(runtime.session?.turns[0]).toMatchObject({
      status: "failed",
      error: expect.stringContaining("Bad key."),
    });
    runtime.use(agentRuntime(helper, { model: scriptedModel(["Hello."]) }));
    expect(textOf(await runtime.invoke("Hi"))).toBe("Hello.");
  });
});

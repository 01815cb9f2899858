import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runAgent } from "../../run/runner.ts";
import type { AgentEvent } from "../../words/events.ts";
import { type Message, textOf, userMessage } from "../../words/message.ts";
import { type Agent, agent } from "../agent.ts";
import { tool } from "../tool.ts";
import { lastTurns, withoutToolCalls } from "./filters.ts";
import { handoff } from "./handoff.ts";

const to = (name: string) => ({ calls: [{ name: `transfer_to_${name}` }] });

/** An agent that hands over to Spanish, and what each of them was asked. */
function scene(english: Parameters<typeof scriptedModel>[0], spanish: Parameters<typeof scriptedModel>[0]) {
  const models = { english: scriptedModel(english), spanish: scriptedModel(spanish) };
  const es = agent({ name: "spanish", instructions: "Habla español.", model: models.spanish });
  const en = agent({
    name: "english",
    instructions: "Speak English.",
    model: models.english,
    handoffs: [handoff(es, { description: "For questions in Spanish." })],
  });
  return { models, en, es };
}

describe("a handoff", () => {
  it("changes who answers: instructions, model and events, over the same messages", async () => {
    const { en, models } = scene([to("spanish")], ["Hola."]);
    const events: AgentEvent[] = [];
    const result = await runAgent(en, "¿Qué tal?", { onEvent: (event) => void events.push(event) });
    expect(result).toMatchObject({ stopReason: "done", output: "Hola.", agent: "spanish" });
    expect(models.english.requests[0]?.tools).toMatchObject([
      { name: "transfer_to_spanish", description: "For questions in Spanish." },
    ]);
    expect(models.spanish.requests[0]?.messages.map(textOf)[0]).toBe("Habla español.");
    expect(models.spanish.requests[0]?.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
    ]);
    expect(toolOutputs(result.messages)).toEqual(["Transferred to spanish."]);
    const at = events.findIndex(({ type }) => type === "agent.handoff");
    expect(events[at]).toEqual({
      type: "agent.handoff",
      agent: "english",
      turn: 1,
      from: "english",
      to: "spanish",
    });
    expect(events.slice(at + 1).every((event) => event.agent === "spanish")).toBe(true);
    expect(events.filter(({ type }) => type === "agent.started" || type === "agent.completed")).toHaveLength(
      2,
    );
  });

  it("lasts: the next turn stays with the new agent, which sees the new text", async () => {
    const { en, models } = scene([to("spanish")], ["Hola.", "Bien."]);
    const first = await runAgent(en, "¿Qué tal?");
    const stored = JSON.parse(JSON.stringify(first.messages)) as Message[];
    const second = await runAgent(en, [...stored, userMessage("¿Y tú?")]);
    expect(second).toMatchObject({ output: "Bien.", agent: "spanish" });
    expect(models.english.requests).toHaveLength(1);
    expect(textOf(models.spanish.requests[1]!.messages.at(-1)!)).toBe("¿Y tú?");
  });

  it("back and forth ends the run when the hops are used up, with a closed conversation", async () => {
    const ping: Agent = agent({
      name: "ping",
      model: scriptedModel(() => to("pong")),
      handoffs: () => [pong],
    });
    const pong: Agent = agent({
      name: "pong",
      model: scriptedModel(() => to("ping")),
      handoffs: () => [ping],
    });
    const result = await runAgent(ping, "go");
    expect(result).toMatchObject({ stopReason: "max-handoffs", agent: "pong" });
    expect(toolOutputs(result.messages)).toEqual([
      ...Array.from({ length: 5 }, (_, n) => `Transferred to ${n % 2 === 0 ? "pong" : "ping"}.`),
      "Not run: the conversation was handed over 5 times already.",
    ]);
    const none = agent({
      name: "none",
      model: scriptedModel([to("pong")]),
      handoffs: [pong],
      maxHandoffs: 0,
    });
    expect((await runAgent(none, "go")).stopReason).toBe("max-handoffs");
  });

  it("goes to the first agent that is named, and other calls of the message do not run", async () => {
    let ran = 0;
    const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => `${++ran}` });
    const [a, b] = ["a", "b"].map((name) => agent({ name, model: scriptedModel([`I am ${name}.`]) })) as [
      Agent,
      Agent,
    ];
    const model = scriptedModel([{ calls: [{ name: "look" }, ...to("b").calls, ...to("a").calls] }]);
    const result = await runAgent(agent({ name: "t", model, tools: [look], handoffs: [a, b] }), "go");
    expect(result.output).toBe("I am b.");
    expect(ran).toBe(0);
    expect(toolOutputs(result.messages)).toEqual([
      expect.stringContaining("handed over to b in the same message"),
      "Transferred to b.",
      expect.stringContaining("handed over to b in the same message"),
    ]);
  });

  it("keeps the output schema of the agent the run began with", async () => {
    const Answer = z.object({ n: z.number() });
    const helper = agent({ name: "helper", model: scriptedModel([{ value: { n: 2 } }]) });
    const asker = agent({
      name: "asker",
      model: scriptedModel([to("helper")]),
      output: Answer,
      handoffs: [helper],
    });
    const result = await runAgent(asker, "go");
    const typed: { n: number } | undefined = result.output;
    expect(typed).toEqual({ n: 2 });
  });

  it("may show the next agent less, now and in later runs, and the result holds all", async () => {
    const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => "seen" });
    const clerk = scriptedModel(["Done.", "Again."]);
    const next = agent({ name: "clerk", model: clerk });
    const front = agent({
      name: "front",
      model: scriptedModel([{ text: "Let me see.", calls: [{ name: "look" }] }, to("clerk")]),
      tools: [look],
      handoffs: [handoff(next, { filter: withoutToolCalls })],
    });
    const result = await runAgent(front, "help");
    expect(clerk.requests[0]?.messages.map(textOf)).toEqual(["help", "Let me see."]);
    expect(result.messages).toHaveLength(6);
    await runAgent(front, [...result.messages, userMessage("more")]);
    expect(clerk.requests[1]?.messages.map(textOf)).toEqual(["help", "Let me see.", "Done.", "more"]);
  });

  it("leaves limits with the agent the run began with", async () => {
    const { en } = scene([to("spanish")], ["Hola."]);
    expect((await runAgent(en, "go", { maxTurns: 1 })).stopReason).toBe("max-turns");
    expect(
      (await runAgent(scene([to("spanish")], ["Hola."]).en, "go", { budget: { maxTokens: 15 } })).stopReason,
    ).toBe("budget");
  });
});

describe("the name of a handoff", () => {
  it("is legal whatever the agent's is, and must be one where no letter can be kept", () => {
    const named = (name: string) => handoff(agent({ name })).name;
    expect(named("Über-Setzer (ES)")).toBe("transfer_to_Uber-Setzer_ES");
    expect(named("x".repeat(90))).toHaveLength(64);
    expect(() => named("翻訳")).toThrow(expect.objectContaining({ code: "ORCH_TOOL_NAME" }));
    expect(handoff(agent({ name: "翻訳" }), { name: "to_translator" }).name).toBe("to_translator");
  });

  it("may not be that of a tool or of another handoff", async () => {
    const a = agent({ name: "a" });
    const twice = agent({ name: "t", model: scriptedModel([]), handoffs: [a, a] });
    await expect(runAgent(twice, "go")).rejects.toMatchObject({ code: "ORCH_AGENT_SETUP" });
  });
});

describe("the filter lastTurns", () => {
  it("keeps system messages and the last user messages with what followed", () => {
    const messages = ["a", "b", "c"].map(userMessage);
    const system: Message = { role: "system", content: [{ type: "text", text: "s" }] };
    expect(lastTurns(2)([system, ...messages]).map(textOf)).toEqual(["s", "b", "c"]);
    expect(lastTurns(9)(messages)).toHaveLength(3);
  });
});

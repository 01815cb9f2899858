/** Whole stories of agents, as their users tell them: one test per story. */
import { all, orchestration, runnable } from "@orch/core";
import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { LONGEST_INPUT } from "../src/calls/read-call.ts";
import {
  type AgentEvent,
  agent,
  agentRunnable,
  type Message,
  runAgent,
  streamAgent,
  textOf,
  tool,
  userMessage,
} from "../src/index.ts";
import { asTool } from "../src/run/agent-tool.ts";

const says = (event: AgentEvent): string =>
  event.type === "agent.model" && event.event.type === "text" ? event.event.delta : "";

describe("a chain of agents (S20)", () => {
  it("gives the second the first one's answer, and the conversation holds only what was said", async () => {
    const research = scriptedModel(["Tea is a leaf."]);
    const report = scriptedModel((request) => `Report: ${textOf(request.messages.at(-1)!)}`);
    const first = agentRunnable(agent({ name: "researcher", model: research }));
    const second = agentRunnable(agent({ name: "reporter", model: report }));
    const chain = orchestration("chain", (o) => o.start(first).advance(first, second).finish(second));
    expect(await chain.run("tea")).toBe("Report: Tea is a leaf.");
    expect(report.requests[0]?.messages.map(textOf)).toEqual(["Tea is a leaf."]);
  });
});

describe("a question in Spanish (S21)", () => {
  it("goes to the Spanish agent, which stays and sees the next question", async () => {
    const spanish = agent({
      name: "spanish",
      model: scriptedModel((r) =>
        `Eco: ${textOf(r.messages.at(-1)!)}`.replace("Transferred to spanish.", "hola"),
      ),
    });
    const english = agent({
      name: "english",
      model: scriptedModel([{ calls: [{ name: "transfer_to_spanish" }] }]),
      handoffs: [spanish],
    });
    const events: AgentEvent[] = [];
    const first = await runAgent(english, "¿Qué hora es?", { onEvent: (event) => void events.push(event) });
    const second = await runAgent(english, [...first.messages, userMessage("¿Y mañana?")]);
    expect(events.filter(({ type }) => type === "agent.handoff")).toHaveLength(1);
    expect([first.agent, second.agent, second.output]).toEqual(["spanish", "spanish", "Eco: ¿Y mañana?"]);
  });
});

describe("streaming (S22)", () => {
  it("gives deltas that are the final message when they are put together, over turns of tools", async () => {
    const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => "seen" });
    const model = scriptedModel([{ text: "Let me look. ", calls: [{ name: "look" }] }, "It is  a tree.\n"]);
    let text = "";
    const stream = streamAgent(agent({ name: "a", model, tools: [look] }), "go");
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) text += says(step.value);
    expect(text).toBe("Let me look. It is  a tree.\n");
    expect(
      step.value.messages
        .filter(({ role }) => role === "assistant")
        .map(textOf)
        .join(""),
    ).toBe(text);
  });
});

describe("agents side by side, and one that puts their answers together (S23)", () => {
  it("gives every answer to the synthesizer under the name of its agent", async () => {
    const expert = (name: string) =>
      agentRunnable(agent({ name, model: scriptedModel([`${name} says so.`]) }));
    const synthesis = scriptedModel((request) => `Together: ${textOf(request.messages.at(-1)!)}`);
    const panel = all("panel", { law: expert("law"), ethics: expert("ethics") });
    const label = runnable("label", (said: { readonly law: string; readonly ethics: string }) =>
      Object.entries(said)
        .map(([name, text]) => `${name}: ${text}`)
        .join("; "),
    );
    const end = agentRunnable(agent({ name: "synthesizer", model: synthesis }));
    const flow = orchestration("panel-flow", (o) =>
      o.start(panel).advance(panel, label).advance(label, end).finish(end),
    );

    expect(await flow.run("May it?")).toBe("Together: law: law says so.; ethics: ethics says so.");
    expect(synthesis.requests[0]?.messages.map(textOf)).toEqual([
      "law: law says so.; ethics: ethics says so.",
    ]);
  });
});

describe("tools (S24, S25)", () => {
  it("take enums, defaults and transforms, may be async, and give any JSON", async () => {
    const seen: unknown[] = [];
    const weather = tool({
      name: "weather",
      description: "x",
      input: z.object({
        city: z.string(),
        unit: z.enum(["c", "f"]).default("c"),
        day: z.string().transform((text) => new Date(text).getUTCDay()),
      }),
      invoke: async (input) => {
        seen.push(input);
        return { temperature: 12, ...input };
      },
    });
    const calls = [
      { name: "weather", input: { city: "Brno", day: "2026-11-22" } },
      { name: "weather", input: { city: "Brno", unit: "k", day: "2026-11-22" } },
    ];
    const result = await runAgent(
      agent({ name: "a", model: scriptedModel([{ calls }, "ok"]), tools: [weather] }),
      "go",
    );
    expect(seen).toEqual([{ city: "Brno", unit: "c", day: 0 }]);
    const [good, bad] = toolOutputs(result.messages);
    expect(good).toBe('{"temperature":12,"city":"Brno","unit":"c","day":0}');
    expect(bad).toMatch(/do not fit: unit: /);
  });

  it("that are called side by side while the text streams run once each, results in call order", async () => {
    const ran: string[] = [];
    const make = (name: string) =>
      tool({
        name,
        description: "x",
        input: z.object({}),
        invoke: async () => name.repeat(Math.min(1, ran.push(name))),
      });
    const model = scriptedModel([{ text: "Both.", calls: [{ name: "b" }, { name: "a" }] }, "ok"]);
    const stream = streamAgent(agent({ name: "x", model, tools: [make("a"), make("b")] }), "go");
    let step = await stream.next();
    while (!step.done) step = await stream.next();
    expect(ran.sort()).toEqual(["a", "b"]);
    expect(toolOutputs(step.value.messages)).toEqual(["b", "a"]);
  });

  it("do not run with arguments of more than a megabyte, whatever is in them", async () => {
    let ran = 0;
    const write = tool({
      name: "write",
      description: "x",
      input: z.object({ text: z.string() }),
      invoke: () => ++ran,
    });
    const args = (length: number) => JSON.stringify({ text: "x".repeat(length - '{"text":""}'.length) });
    const calls = [args(LONGEST_INPUT + 1), args(LONGEST_INPUT)].map((input) => ({ name: "write", input }));
    const result = await runAgent(
      agent({ name: "a", model: scriptedModel([{ calls }, "ok"]), tools: [write] }),
      "go",
    );
    expect(toolOutputs(result.messages)).toEqual([
      "The arguments have 1048577 characters, and at most 1048576 are taken. Send less, or in several calls.",
      "1",
    ]);
  });

  it("are given what the program knows and the model does not, and so are the instructions", async () => {
    const who = tool({
      name: "who",
      description: "x",
      input: z.object({}),
      invoke: (_, { context }) => `${(context as { user: string }).user}`,
    });
    const inner = agent({
      name: "inner",
      model: scriptedModel([{ calls: [{ name: "who" }] }, "in"]),
      tools: [who],
    });
    const model = scriptedModel([
      { calls: [{ name: "who" }, { name: "inner", input: { input: "x" } }] },
      "ok",
    ]);
    const instructions = (_: unknown, context: unknown): string =>
      `For ${(context as { user: string }).user}.`;
    const outer = agent({
      name: "a",
      model,
      instructions,
      tools: [who, asTool(inner, { description: "x" })],
    });
    const nested: string[] = [];
    const result = await runAgent(outer, "go", {
      context: { user: "Ada" },
      onEvent: (event) => {
        if (event.type === "agent.nested" && event.event.type === "tool.completed")
          nested.push(String(event.event.result.output));
      },
    });
    expect([...toolOutputs(result.messages), ...nested]).toEqual(["Ada", "in", "Ada"]);
    expect(textOf(model.requests[0]!.messages[0]!)).toBe("For Ada.");
  });
});

describe("a tool that needs a person (S26)", () => {
  it("shows its name and arguments, and tells the model of a no", async () => {
    let ran = 0;
    const pay = tool({
      name: "pay",
      description: "x",
      input: z.object({ sum: z.number() }),
      approve: true,
      invoke: () => ++ran,
    });
    const model = scriptedModel([
      { calls: [{ name: "pay", input: { sum: 9 }, id: "p1" }] },
      "I did not pay.",
    ]);
    const asked: unknown[] = [];
    const result = await runAgent(agent({ name: "a", model, tools: [pay] }), "pay", {
      onApproval: (call, _, place) => (asked.push(call, place) > 0 ? { deny: "Too dear." } : true),
    });
    expect(asked).toEqual([{ id: "p1", name: "pay", input: { sum: 9 } }, "1:0"]);
    expect(toolOutputs(result.messages)).toEqual(["The call was denied: Too dear."]);
    expect(ran).toBe(0);
  });
});

describe("a translator as a tool (S27)", () => {
  it("has a legal name, its usage and events roll up, and cancelling reaches it", async () => {
    const stop = new AbortController();
    const inner = scriptedModel([{ text: "Ho", stall: true }]);
    const translator = agent({ name: "Spanish translator!", model: inner });
    const model = scriptedModel([{ calls: [{ name: "Spanish_translator", input: { input: "hello" } }] }]);
    const boss = agent({ name: "boss", model, tools: [asTool(translator, { description: "Translates." })] });
    const result = await runAgent(boss, "go", {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "agent.nested" && says(event.event) === "Ho") stop.abort();
      },
    });
    expect(result).toMatchObject({ stopReason: "aborted", usage: { input: 20, output: 10 } });
    expect(inner.requests[0]?.signal.aborted).toBe(true);
  });
});

describe("a math teacher (S28)", () => {
  it("takes no other question, with one message or a whole conversation, and calls no model for it", async () => {
    const model = scriptedModel([]);
    const onlyMath = {
      name: "only math",
      check: (messages: readonly Message[]) =>
        /\d/.test(textOf(messages.at(-1)!)) ? undefined : { reason: "No math." },
    };
    const teacher = agent({ name: "teacher", model, guardrails: { input: [onlyMath] } });
    for (const input of ["Tell a joke.", [userMessage("2 + 2?"), userMessage("Tell a joke.")]]) {
      expect(await runAgent(teacher, input)).toMatchObject({
        stopReason: "guardrail",
        guardrail: { name: "only math" },
      });
    }
    expect(model.requests).toHaveLength(0);
  });
});

describe("a typed answer (S29)", () => {
  it("is taken out of fences, also when it was written twice, and asked for once more when it does not fit", async () => {
    const Steps = z.object({ steps: z.array(z.object({ n: z.number(), text: z.string() })) });
    const good = '{"steps":[{"n":1,"text":"boil"}]}';
    for (const replies of [
      [`\`\`\`json\n${good}\n\`\`\`\n\`\`\`json\n${good}\n\`\`\``],
      ['{"steps":[{"n":"1"}]}', good],
    ]) {
      const model = scriptedModel(replies);
      const result = await runAgent(agent({ name: "a", model, output: Steps }), "tea");
      expect(result.output).toEqual({ steps: [{ n: 1, text: "boil" }] });
      expect(model.requests).toHaveLength(replies.length);
    }
  });
});

describe("a conversation on disk (S30)", () => {
  it("keeps its calls and results, and the agent still knows the name", async () => {
    const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => "seen" });
    const model = scriptedModel((request) => {
      const said = request.messages.map(textOf).join(" ");
      if (toolOutputs(request.messages).length === 0) return { calls: [{ name: "look" }] };
      return said.includes("what is my name") ? `You are ${/I am (\w+)/.exec(said)?.[1]}.` : "Hello.";
    });
    const a = agent({ name: "a", model, tools: [look] });
    const { messages } = await runAgent(a, "I am Ada");
    const stored = JSON.stringify(messages);
    const result = await runAgent(a, [...(JSON.parse(stored) as Message[]), userMessage("what is my name?")]);
    expect(result.output).toBe("You are Ada.");
    expect(JSON.stringify(result.messages.slice(0, messages.length))).toBe(stored);
  });
});

describe("limits (S32)", () => {
  it("name themselves, and bound the model calls", async () => {
    const look = tool({
      name: "look",
      description: "x",
      input: z.object({ n: z.number() }),
      invoke: () => "seen",
    });
    const always = scriptedModel((_, call) => ({ calls: [{ name: "look", input: { n: call } }] }));
    const a = agent({ name: "a", tools: [look] });
    expect((await runAgent(a, "go", { model: always, maxTurns: 2 })).stopReason).toBe("max-turns");
    expect(always.requests).toHaveLength(2);
    const failing = scriptedModel([
      { calls: [{ name: "look", input: { n: 1 } }] },
      { failure: { kind: "server", message: "Down.", retryable: true } },
    ]);
    const failed = await runAgent(a, "go", { model: failing });
    expect(failed).toMatchObject({ stopReason: "error", failure: { kind: "server", message: "Down." } });
    expect(toolOutputs(failed.messages)).toEqual(["seen"]);
    const dear = scriptedModel((_, call) => ({ calls: [{ name: "look", input: { n: call } }] }), {
      caps: { price: { input: 1_000, output: 1_000 } },
    });
    const spent = await runAgent(a, "go", { model: dear, budget: { maxCost: 0.02 } });
    expect(spent).toMatchObject({ stopReason: "budget", cost: 0.03 });
    expect(dear.requests).toHaveLength(2);
    const unknown = await runAgent(a, "go", { model: scriptedModel(["ok"]), budget: { maxCost: 1 } });
    expect(unknown.warnings[0]).toContain("price of test/scripted is unknown");
  });
});

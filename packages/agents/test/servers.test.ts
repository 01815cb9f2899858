/** Each known server by its preset: what it is asked, what its stream means, what it gets back, and what is left of it when it is cut. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { compatOf } from "../src/providers/openai-compatible/compat.ts";
import { PRESETS, type Preset } from "../src/providers/openai-compatible/presets.ts";
import { resolveModel } from "../src/providers/resolve-model.ts";
import { type AssistantMessage, callsOf, type Message, textOf } from "../src/words/message.ts";
import type { FinishEvent, Model, ModelRequest, ToolSpec } from "../src/words/model.ts";
import { answeringServer, type Body } from "./cases/answering-server.ts";
import { beginEvents, DONE, unnamed } from "./hostile-server.ts";
import { checkChat } from "./wire-check.ts";
import { ask } from "./wires.ts";

const FIXTURES = join(import.meta.dirname, "fixtures/servers");
const THOUGHT = "I need the weather.";
/** Servers whose stream shows no thinking. */
const SILENT: readonly Preset[] = ["generic", "openai", "azure"];
const EVERY = budget("faultFramesEvery");
const CUT_EVERY = 7 * budget("streamCutsEvery");

const framesOf = (preset: Preset): readonly string[] =>
  readFileSync(join(FIXTURES, `${preset}.jsonl`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => unnamed(JSON.parse(line)));

const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a city.",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  strict: true,
};

/** The model as a configuration gives it: a provider of the preset's name, at another address. */
function modelOf(preset: Preset, url: string, fetch = globalThis.fetch): Model {
  const entry = {
    kind: "openai-compatible",
    baseURL: `${url}/v1`,
    apiKey: "sk-test-key",
    preset,
    attempts: 1,
  } as const;
  return resolveModel(`${preset}/m`, { providers: { [preset]: entry } }, { env: {}, fetch });
}

async function answered(preset: Preset, requests: readonly ModelRequest[], body: string) {
  const server = await answeringServer((res) => beginEvents(res).end(body));
  const model = modelOf(preset, server.url);
  const answers: FinishEvent[] = [];
  for (const request of requests) {
    for await (const event of model.stream(request)) if (event.type === "finish") answers.push(event);
  }
  return { answers, bodies: server.bodies as readonly Body[] };
}

const results = (message: AssistantMessage): Message => ({
  role: "tool",
  content: callsOf(message).map(({ id, name }) => ({ type: "tool-result", id, name, output: "rain" })),
});

let [streams, cuts, bodies] = [0, 0, 0];
afterAll(() =>
  figure(`servers: ${streams} presets by their streams, ${cuts} cuts, ${bodies} bodies checked`),
);

describe.each(Object.keys(PRESETS) as Preset[])("%s", (preset) => {
  it("is understood in its own stream", async () => {
    const whole = framesOf(preset).join("") + DONE;
    const { answers } = await answered(preset, [ask("Weather?", { tools: [weather] })], whole);
    const { message, usage } = answers[0]!;
    expect(message.finish.reason).toBe("tool-calls");
    expect(textOf(message)).toBe("Looking.");
    expect(callsOf(message).map(({ input }) => input)).toEqual([{ city: "Oslo" }, { city: "Rome" }]);
    const thought = message.content.find(({ type }) => type === "reasoning");
    if (SILENT.includes(preset)) expect(thought).toBeUndefined();
    else expect(thought).toMatchObject({ text: expect.stringContaining(THOUGHT) });
    expect(usage).toMatchObject({ input: 19, output: 13 });
    expect(usage.estimated).toBeUndefined();
    if (preset === "openrouter" || preset === "xai") expect(usage.cost).toBe(0.00125);
    if (preset === "deepseek") expect(usage.cacheRead).toBe(8);
    streams++;
  });

  it("is asked in its own words", async () => {
    const output = { name: "answer", schema: weather.schema, strict: true };
    const wishes = {
      maxOutputTokens: 500,
      reasoning: "low",
      sessionId: "s1",
      parallelToolCalls: true,
    } as const;
    const system: Message = { role: "system", content: [{ type: "text", text: "Later." }] };
    const first = ask("Weather?", { tools: [weather], toolChoice: "required", ...wishes });
    const { answers } = await answered(preset, [first], framesOf(preset).join("") + DONE);
    const { message } = answers[0]!;
    const history = [...first.messages, message, results(message), system, ...ask("And now?").messages];
    const second = ask("", { messages: history, tools: [weather], output, toolChoice: { name: "weather" } });
    const { bodies: sent } = await answered(preset, [first, second], framesOf(preset).join("") + DONE);
    for (const body of sent) expect(checkChat(body, compatOf(preset))).toEqual([]);
    bodies += sent.length;
    await expect(`${JSON.stringify(sent, null, 2)}\n`).toMatchFileSnapshot(
      `fixtures/servers/${preset}.bodies.json`,
    );
  });

  it("gets back what it wants back", async () => {
    const whole = framesOf(preset).join("") + DONE;
    const first = ask("Weather?", { tools: [weather] });
    const { answers } = await answered(preset, [first], whole);
    const { message } = answers[0]!;
    const next = (said: AssistantMessage) =>
      ask("", { messages: [...first.messages, said, results(said)], tools: [weather] });
    const elsewhere = { ...message, origin: { ...message.origin, model: "elsewhere" } };
    const { bodies: sent } = await answered(preset, [next(message), next(elsewhere)], whole);
    const [own, foreign] = sent.map((body) => body.messages[1]);
    const { reasoningField, replayReasoning, callsNeedReasoning, standInSignature } = compatOf(preset);
    if (replayReasoning) expect(own[reasoningField!]).toContain(THOUGHT);
    if (preset === "openrouter")
      expect(own.reasoning_details).toEqual([
        { type: "reasoning.text", format: "anthropic-claude-v1", index: 0, text: THOUGHT, signature: "sig" },
      ]);
    if (preset === "litellm")
      expect(own.thinking_blocks).toEqual([{ type: "thinking", thinking: THOUGHT, signature: "sig" }]);
    if (standInSignature) {
      expect(own.tool_calls[0].extra_content.google.thought_signature).toBe("real");
      expect(foreign.tool_calls[0].extra_content.google.thought_signature).toMatch(/^skip_/);
    }
    if (callsNeedReasoning) expect(foreign[reasoningField!]).toBe(" ");
    else if (reasoningField) expect(foreign).not.toHaveProperty(reasoningField);
    expect(JSON.stringify(foreign)).not.toMatch(/I need|"sig"|"real"/);
  });

  it("is the same wherever its bytes are cut", async () => {
    const bytes = new TextEncoder().encode(framesOf(preset).join("") + DONE);
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    const body = () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (out) => {
          for (const piece of pieces) out.enqueue(piece);
          out.close();
        },
      });
    const headers = { "content-type": "text/event-stream" };
    const answer = async (...next: Uint8Array<ArrayBuffer>[]) => {
      pieces = next;
      const model = modelOf(preset, "http://127.0.0.1:9", async () => new Response(body(), { headers }));
      const events: unknown[] = [];
      for await (const event of model.stream(ask("Weather?", { tools: [weather] }))) events.push(event);
      return JSON.stringify(events);
    };
    const whole = await answer(bytes);
    for (let at = 1; at < bytes.length; at += CUT_EVERY) {
      expect(await answer(bytes.slice(0, at), bytes.slice(at)), `cut at byte ${at}`).toBe(whole);
      cuts++;
    }
  });

  it("runs no call of a stream that is cut, and makes up nothing", async () => {
    const frames = framesOf(preset);
    const last = frames.findLastIndex((frame) => /"finish_reason": ?"/.test(frame));
    for (let at = 0; at < last; at += EVERY) {
      const { answers } = await answered(preset, [ask("Weather?")], frames.slice(0, at).join(""));
      const { message } = answers[0]!;
      expect(["interrupted", "error"]).toContain(message.finish.reason);
      expect(callsOf(message).filter(({ input }) => input !== undefined)).toEqual([]);
      expect("Looking.").toContain(textOf(message));
      cuts++;
    }
  });
});

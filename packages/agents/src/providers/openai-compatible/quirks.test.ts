import { afterEach, describe, expect, test } from "vitest";
import {
  beginEvents,
  DONE,
  type HostileServer,
  hostileServer,
  unnamed,
} from "../../../test/hostile-server.ts";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { openaiCompatible } from "./openai-compatible.ts";

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const chunk = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const pieces = (...calls: object[]) => calls.map((call) => chunk({ tool_calls: [call] }));
const named = (name: string, args: unknown) => ({ function: { name, arguments: args } });
const more = (args: string) => ({ function: { arguments: args } });

async function answer(chunks: readonly object[], options: { finishOptional?: boolean } = {}) {
  server = await hostileServer((response) => beginEvents(response).end(unnamed(...chunks) + DONE));
  const model = openaiCompatible({
    provider: "lab",
    model: "m",
    baseURL: `${server.url}/v1`,
    compat: options,
  });
  return generate(model, ask("hi"));
}

const OSLO = '{"city":"Oslo"}';
const ROME = '{"city":"Rome"}';

describe("both calls come out of a server that", () => {
  test.each<[string, readonly object[]]>([
    [
      "keeps to the format",
      pieces(
        { index: 0, id: "a", ...named("weather", '{"city"') },
        { index: 0, ...more(':"Oslo"}') },
        { index: 1, id: "b", ...named("weather", "") },
        { index: 1, ...more(ROME) },
      ),
    ],
    [
      "mixes the pieces of two calls",
      pieces(
        { index: 0, id: "a", ...named("weather", "") },
        { index: 1, id: "b", ...named("weather", '{"city"') },
        { index: 0, ...more(OSLO) },
        { index: 1, ...more(':"Rome"}') },
      ),
    ],
    [
      "sends no index",
      pieces(
        { id: "a", ...named("weather", '{"city"') },
        more(':"Oslo"}'),
        { id: "b", ...named("weather", '{"city"') },
        more(':"Rome"}'),
      ),
    ],
    [
      "sends index 0 for all",
      pieces(
        { index: 0, id: "a", ...named("weather", OSLO) },
        { index: 0, id: "b", ...named("weather", ROME) },
      ),
    ],
    [
      "sends a fresh id with every piece",
      pieces(
        { index: 0, id: "a", ...named("weather", '{"city"') },
        { index: 0, id: "a2", ...more(':"Oslo"}') },
        { index: 1, id: "b", ...named("weather", '{"city"') },
        { index: 1, id: "b2", ...more(':"Rome"}') },
      ),
    ],
    [
      "sends arguments as objects",
      pieces(
        { index: 0, id: "a", ...named("weather", { city: "Oslo" }) },
        { index: 1, id: "b", ...named("weather", { city: "Rome" }) },
      ),
    ],
    [
      "repeats id and name with every piece",
      pieces(
        { index: 0, id: "a", ...named("weather", '{"city"') },
        { index: 0, id: "a", ...named("weather", ':"Oslo"}') },
        { index: 1, id: "b", ...named("weather", '{"city"') },
        { index: 1, id: "b", ...named("weather", ':"Rome"}') },
      ),
    ],
  ])("%s", async (_name, chunks) => {
    const { message } = await answer([...chunks, chunk({}, "stop")]);
    expect(message.finish).toMatchObject({ reason: "tool-calls", raw: "stop" });
    expect(message.content).toMatchObject([
      { id: "a", name: "weather", input: { city: "Oslo" } },
      { id: "b", name: "weather", input: { city: "Rome" } },
    ]);
  });

  test("sends no ids at all", async () => {
    const calls = pieces({ id: "", ...named("weather", OSLO) }, { ...named("weather", ROME) });
    const { message } = await answer([...calls, chunk({}, "tool_calls")]);
    const ids = message.content.map((part) => (part.type === "tool-call" ? part.id : ""));
    expect(message.content).toMatchObject([{ input: { city: "Oslo" } }, { input: { city: "Rome" } }]);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.startsWith("call_"))).toBe(true);
  });
});

test("a call without arguments has none, and cut arguments are told and not repaired", async () => {
  const calls = pieces(
    { index: 0, id: "a", ...named("now", "") },
    { index: 1, id: "b", ...named("weather", '{"city":"Os') },
  );
  const { message } = await answer([...calls, chunk({}, "tool_calls")]);
  expect(message.content[0]).toMatchObject({ input: {}, rawInput: "" });
  expect(message.content[1]).toMatchObject({
    rawInput: '{"city":"Os',
    invalid: expect.stringContaining("not JSON"),
  });
  expect(message.content[1]).not.toHaveProperty("input");
});

test("calls of an answer that ran out of room do not run, however whole they look", async () => {
  const { message } = await answer([
    ...pieces({ index: 0, id: "a", ...named("weather", OSLO) }),
    chunk({}, "length"),
  ]);
  expect(message.finish.reason).toBe("length");
  expect(message.content[0]).not.toHaveProperty("input");
});

test("a stream without finish_reason is whole only where the server is known for it", async () => {
  const cut = await answer([chunk({ content: "hello" })]);
  expect(cut.message.finish.reason).toBe("interrupted");
  await server?.close();
  const whole = await answer([chunk({ content: "hello" })], { finishOptional: true });
  expect(whole.message.finish.reason).toBe("stop");
});

test("reads thinking in its own field, in pieces of content, and keys that servers add to calls", async () => {
  const { message } = await answer([
    chunk({ reasoning_content: "hm, " }),
    chunk({ content: [{ type: "thinking", thinking: [{ text: "so" }] }] }),
    chunk({ content: [{ type: "text", text: "Yes." }] }),
    ...pieces({ index: 0, id: "a", ...named("weather", OSLO), extra_content: { thought_signature: "t" } }),
    chunk({}, "tool_calls"),
  ]);
  expect(message.content).toMatchObject([
    { type: "reasoning", text: "hm, so" },
    { type: "text", text: "Yes." },
    { type: "tool-call", opaque: { extra_content: { thought_signature: "t" } } },
  ]);
});

test("reads a refusal and usage that comes after the end", async () => {
  const { message, usage } = await answer([
    chunk({ refusal: "I will " }),
    chunk({ refusal: "not." }),
    chunk({}, "stop"),
    {
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } },
    },
  ]);
  expect(message.finish.reason).toBe("refusal");
  expect(message.content).toEqual([{ type: "refusal", text: "I will not." }]);
  expect(usage).toMatchObject({ input: 9, output: 4, cacheRead: 5 });
});

test("a server without a key gets no authorization", async () => {
  await answer([chunk({ content: "hello" }, "stop")]);
  expect(server?.seen[0]?.headers.authorization).toBeUndefined();
});

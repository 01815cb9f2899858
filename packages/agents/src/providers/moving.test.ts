import { createOpenAI } from "@ai-sdk/openai";
import type { SceneAnswer } from "@orch/testing/models";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type SceneServer, sceneServer } from "../../test/scene-server.ts";
import type { WireName } from "../../test/scenes.ts";
import { checkChat, checkMessages, checkResponses } from "../../test/wire-check.ts";
import { KEY } from "../../test/wires.ts";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { runAgent } from "../run/runner.ts";
import type { Message } from "../words/message.ts";
import type { Model } from "../words/model.ts";
import { fromAiSdk } from "./ai-sdk/from-ai-sdk.ts";
import { anthropic } from "./anthropic/anthropic.ts";
import { openai } from "./openai/openai.ts";
import { compatOf } from "./openai-compatible/compat.ts";
import { openaiCompatible } from "./openai-compatible/openai-compatible.ts";

/** Around more than twice, so that each provider reads the turns of all others and of itself. */
const TURNS = 10;

/** Thinking, a text and two calls; the same ids in every turn, as some servers have them. */
function work(stop: number, visit: number): SceneAnswer {
  const call = (id: string, city: string) => ({ id, name: "weather", rawInput: JSON.stringify({ city }) });
  return {
    reasoning: thought(stop),
    text: "Let me look.",
    calls: [call("call_0", `Oslo ${stop}.${visit}`), call("call_1", `Rome ${stop}.${visit}`)],
    // Counted, and so by raw bytes: aimock's reasoning is not encrypted, and could not go back to a stateless caller.
    usage: { input: 10, output: 5 },
  };
}

const thought = (stop: number): string => `The thought of ${stop} is private.`;

interface Stop {
  readonly wire: WireName;
  readonly make: (url: string) => Model;
}

/** The way: OpenAI, Anthropic, a compatible server, the AI SDK, and around again. */
const WAY: readonly Stop[] = [
  { wire: "responses", make: (url) => openai({ model: "gpt-5", apiKey: KEY, baseURL: `${url}/v1` }) },
  { wire: "messages", make: (url) => anthropic({ model: "claude-x", apiKey: KEY, baseURL: url }) },
  {
    wire: "chat",
    make: (url) =>
      openaiCompatible({
        provider: "deepseek",
        preset: "deepseek",
        model: "m",
        baseURL: `${url}/v1`,
        apiKey: KEY,
      }),
  },
  {
    wire: "responses",
    make: (url) => fromAiSdk(createOpenAI({ apiKey: KEY, baseURL: `${url}/v1` }).responses("gpt-5")),
  },
];

const CHECK = {
  responses: (body: string) => checkResponses(JSON.parse(body)),
  chat: (body: string) => checkChat(JSON.parse(body), compatOf("deepseek")),
  messages: (body: string) => checkMessages(JSON.parse(body)),
};

interface SentBody {
  readonly stop: number;
  readonly body: string;
}

/** A model that is another one for every call, from `first` on. */
async function moving(first: number): Promise<{ model: Model; sent: readonly SentBody[] }> {
  const servers: SceneServer[] = [];
  for (const [at, { wire }] of WAY.entries()) {
    const answers = Array.from({ length: TURNS }, (_, visit) => work(at, visit));
    const server = await sceneServer({ answers }, wire);
    onTestFinished(server.close);
    servers.push(server);
  }
  const models = WAY.map(({ make }, at) => make(servers[at]!.url));
  let turn = first;
  const sent: SentBody[] = [];
  const model: Model = {
    id: { provider: "several", api: "several", model: "several" },
    caps: models[0]!.caps,
    stream: async function* (request) {
      const stop = turn++ % WAY.length;
      for await (const event of models[stop]!.stream({ ...request, reasoning: "high" })) {
        if (event.type === "finish") sent.push({ stop, body: servers[stop]!.bodies().at(-1) ?? "" });
        yield event;
      }
    },
  };
  return { model, sent };
}

const weather = tool({
  name: "weather",
  description: "The weather of a city.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `21C in ${city}`,
});

function idsOf(messages: readonly Message[], type: "tool-call" | "tool-result"): readonly string[] {
  return messages.flatMap(({ content }) =>
    (content as readonly { type: string; id?: string }[]).flatMap((part) =>
      part.type === type ? [part.id ?? ""] : [],
    ),
  );
}

describe("a conversation with tools and thinking that moves at every turn", () => {
  test.each(WAY.map((_, at) => at))("sends what each provider takes, from stop %i on", async (first) => {
    const { model, sent } = await moving(first);
    const traveller = agent({
      name: "traveller",
      instructions: "Be brief.",
      model,
      tools: [weather],
      maxTurns: TURNS,
    });
    const result = await runAgent(traveller, "The weather?");
    expect(result.stopReason).toBe("max-turns");
    expect(sent).toHaveLength(TURNS);
    for (const [turn, { stop, body }] of sent.entries()) {
      expect(CHECK[WAY[stop]!.wire](body), `turn ${turn}`).toEqual([]);
      // Its own thinking goes back to a model, and nobody else's.
      for (const at of WAY.keys())
        expect(body.includes(thought(at)), `${at} in turn ${turn}`).toBe(turn >= 4 && at === stop);
    }
    const origins = result.messages.flatMap((message) =>
      message.role === "assistant" ? [message.origin] : [],
    );
    expect(new Set(origins.map(({ provider, api }) => `${provider} ${api}`)).size).toBe(WAY.length);
    const calls = idsOf(result.messages, "tool-call");
    expect(calls).toHaveLength(2 * TURNS);
    expect(idsOf(result.messages, "tool-result")).toEqual(calls);
  });

  test("sends the bodies that are kept as golden files", async () => {
    const { model, sent } = await moving(0);
    const traveller = agent({
      name: "traveller",
      instructions: "Be brief.",
      model,
      tools: [weather],
      maxTurns: TURNS,
    });
    await runAgent(traveller, "The weather?");
    // The second time around: each body holds turns of all.
    for (const { stop, body } of sent.slice(4, 8)) {
      const file = `../../test/fixtures/golden/moving.${stop}-${WAY[stop]!.wire}.json`;
      await expect(`${JSON.stringify(JSON.parse(body), null, 2)}\n`).toMatchFileSnapshot(file);
    }
  });
});

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { type ScriptedReply, scriptedModel } from "@orch/testing";
import {
  type ModelConformanceTally,
  type ModelScene,
  type ModelUnderTest,
  modelConformance,
  type SceneAnswer,
} from "@orch/testing/models";
import { createOpenAI as createOpenAIv3 } from "ai-sdk-openai-v3";
import { afterAll, describe, expect, it } from "vitest";
import { thorough } from "../../../../scripts/lanes.ts";
import { sceneServer } from "../../test/scene-server.ts";
import type { WireName } from "../../test/scenes.ts";
import { checkChat, checkMessages, checkResponses } from "../../test/wire-check.ts";
import { KEY, wires } from "../../test/wires.ts";
import type { Model } from "../words/model.ts";
import { fromAiSdk } from "./ai-sdk/from-ai-sdk.ts";
import { extractive } from "./extractive/extractive.ts";
import { compatOf } from "./openai-compatible/compat.ts";
import { openaiCompatible } from "./openai-compatible/openai-compatible.ts";

const tallies: [string, ModelConformanceTally][] = [];
const players = { aimock: 0, hostile: 0 };

function suite(
  name: string,
  make: (scene: ModelScene) => ModelUnderTest | undefined | Promise<ModelUnderTest | undefined>,
  check: (body: string) => readonly string[] = () => [],
): void {
  describe(name, () => {
    tallies.push([name, modelConformance(make, { secret: KEY, check })]);
  });
}

/** What the real servers refuse. */
const CHECKS: Readonly<Record<WireName, (body: string) => readonly string[]>> = {
  responses: (body) => checkResponses(JSON.parse(body)),
  chat: (body) => checkChat(JSON.parse(body), compatOf("generic")),
  messages: (body) => checkMessages(JSON.parse(body)),
};

/** Over a socket; what was sent is taken from the network, since aimock's journal keeps a translation. */
function socket(
  name: string,
  wire: WireName,
  make: (url: string, fetch: typeof globalThis.fetch) => Model,
  plays: (answer: SceneAnswer) => boolean = () => true,
  check = CHECKS[wire],
): void {
  suite(
    name,
    async (scene) => {
      if (!scene.answers.every((answer) => plays(answer) && saysIn(wire, answer))) return undefined;
      const server = await sceneServer(scene, wire);
      players[server.player] += 1;
      const sent: string[] = [];
      const recording: typeof fetch = (input, init) => {
        sent.push(String(init?.body));
        return fetch(input, init);
      };
      return { model: make(server.url, recording), sent: () => sent, cleanUp: server.close };
    },
    check,
  );
}

/** The packages of the AI SDK read what their providers send, and these send their figures. */
const isPlain = ({ manner, error }: SceneAnswer): boolean => manner === undefined && !isOdd(error);

function isOdd(error: SceneAnswer["error"]): boolean {
  return error?.type === "tool_use_failed" || error?.type === "content_filter";
}

/** What only servers do that resemble a provider, and what a provider does not report as an error. */
function saysIn(wire: WireName, { manner, error }: SceneAnswer): boolean {
  if (wire === "chat") return true;
  return (manner === undefined || manner === "untold") && !(isOdd(error) && wire === "messages");
}

const NAMES: readonly WireName[] = ["responses", "chat", "messages"];
for (const [at, wire] of wires.entries()) {
  socket(wire.name, NAMES[at]!, (url, fetch) => wire.make(url, { fetch }));
}

const sdk = (url: string, fetch: typeof globalThis.fetch) => ({ apiKey: KEY, baseURL: `${url}/v1`, fetch });
const options = { secrets: [KEY] };
socket(
  "AI SDK v4, OpenAI Responses",
  "responses",
  (url, fetch) => fromAiSdk(createOpenAI(sdk(url, fetch)).responses("gpt-5"), options),
  isPlain,
);
// Lane `test` has each wire format, and one model of the AI SDK.
if (thorough) {
  socket(
    "openai-compatible, Mistral",
    "chat",
    (url, fetch) =>
      openaiCompatible({
        provider: "mistral",
        preset: "mistral",
        model: "m",
        baseURL: `${url}/v1`,
        apiKey: KEY,
        fetch,
      }),
    () => true,
    (body) => checkChat(JSON.parse(body), compatOf("mistral")),
  );
  socket(
    "AI SDK v3, OpenAI Responses",
    "responses",
    (url, fetch) => fromAiSdk(createOpenAIv3(sdk(url, fetch)).responses("gpt-5"), options),
    isPlain,
  );
  socket(
    "AI SDK v4, OpenAI Chat",
    "chat",
    (url, fetch) => fromAiSdk(createOpenAI(sdk(url, fetch)).chat("m"), options),
    // OpenAI's own Chat Completions have no reasoning, so its package reads none.
    (answer) => answer.reasoning === undefined && isPlain(answer),
    // Its package writes what OpenAI itself takes: calls without a text, system messages anywhere.
    (body) => checkChat(withTexts(JSON.parse(body)), compatOf("openai")),
  );
  socket(
    "AI SDK v4, Anthropic",
    "messages",
    (url, fetch) => fromAiSdk(createAnthropic(sdk(url, fetch))("claude-x"), options),
    isPlain,
  );
}

function withTexts(body: { messages: { content: unknown }[] }): never {
  return { ...body, messages: body.messages.map((one) => ({ ...one, content: one.content ?? "" })) } as never;
}

suite("scripted", (scene) => {
  if (scene.answers.some(({ bytewise, fault, error, manner }) => bytewise || fault || error || manner))
    return undefined;
  return {
    model: scriptedModel((_request, call) => reply(scene.answers[Math.min(call, scene.answers.length - 1)]!)),
  };
});

function reply({ reasoning, text, refusal, calls, usage, end }: SceneAnswer): ScriptedReply {
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...(text !== undefined && { text }),
    ...(refusal !== undefined && { refusal }),
    ...(calls && { calls: calls.map(({ id, name, rawInput }) => ({ id, name, input: rawInput })) }),
    ...(usage && { usage }),
    ...(end && { finish: end === "unknown" ? "other" : end }),
  };
}

suite("local/extractive", async ({ anyWords, answers }) => {
  if (!anyWords) return undefined;
  const root = await mkdtemp(join(tmpdir(), "orch-conformance-"));
  await writeFile(join(root, "notes.md"), `# Advancers\n\n${answers[0]?.text ?? ""}\n`);
  return { model: extractive({ root }), cleanUp: () => rm(root, { recursive: true }) };
});

it("has as many cases as the README says", () => {
  const readme = readFileSync(new URL("../../../testing/README.md", import.meta.url), "utf8");
  expect(readme).toContain(`describes ${tallies[0]![1].cases} cases`);
});

afterAll(() => {
  let [all, passed] = [0, 0];
  for (const [name, tally] of tallies) {
    all += tally.cases;
    passed += tally.passed();
    const skipped = tally.skipped().length;
    process.stdout.write(
      `${name}: ${tally.passed()} of ${tally.cases} cases pass, ${skipped} it cannot play\n`,
    );
  }
  const by = `${players.aimock} scenes by aimock, ${players.hostile} by raw bytes`;
  process.stdout.write(`model conformance: ${passed} of ${all} cases on ${tallies.length} models (${by})\n`);
});

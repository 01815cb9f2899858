/** Each preset passes the conformance suite, against a server that writes as its own does. */
import { type ModelConformanceTally, modelConformance } from "@orch/testing/models";
import { afterAll, describe } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { compatOf } from "../src/providers/openai-compatible/compat.ts";
import { openaiCompatible } from "../src/providers/openai-compatible/openai-compatible.ts";
import { PRESETS, type Preset } from "../src/providers/openai-compatible/presets.ts";
import type { ChatStyle } from "./chat-frames.ts";
import { sceneServer } from "./scene-server.ts";
import { checkChat } from "./wire-check.ts";
import { KEY } from "./wires.ts";

const FILTER = [{ model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] }];
const STYLES: { readonly [preset in Preset]: ChatStyle } = {
  openrouter: { reasoning: "reasoning", usage: "end" },
  gemini: { reasoning: "tags", usage: "end" },
  kimi: { reasoning: "reasoning_content", usage: "choice" },
  groq: { reasoning: "reasoning", usage: "x_groq", first: [{ choices: [], x_groq: { id: "req_1" } }] },
  mistral: { reasoning: "pieces", usage: "end" },
  azure: { reasoning: "reasoning_content", usage: "chunk", first: FILTER },
  litellm: { reasoning: "reasoning_content", usage: "chunk" },
  deepseek: { reasoning: "reasoning_content", usage: "end" },
  glm: { reasoning: "reasoning_content", usage: "end" },
  together: { reasoning: "reasoning", usage: "end" },
  fireworks: { reasoning: "reasoning_content", usage: "end" },
  xai: { reasoning: "reasoning_content", usage: "chunk" },
  ollama: { reasoning: "reasoning", usage: "chunk" },
  vllm: { reasoning: "reasoning", usage: "chunk" },
  llamacpp: { reasoning: "reasoning_content", usage: "chunk" },
  lmstudio: { reasoning: "tags", usage: "chunk" },
  sglang: { reasoning: "reasoning_content", usage: "chunk" },
  openai: { reasoning: "reasoning_content", usage: "chunk" },
  generic: { reasoning: "reasoning_content", usage: "chunk" },
};

const tallies: (readonly [string, ModelConformanceTally])[] = [];
const presets = (Object.keys(STYLES) as Preset[]).slice(0, budget("conformingServers"));

describe.each(presets)("%s", (preset) => {
  const compat = compatOf(preset);
  const tally = modelConformance(
    async (scene) => {
      const tagged = scene.answers.some(({ manner }) => manner === "tagged");
      if (tagged && compat.thinkTags === "none") return undefined;
      const server = await sceneServer(scene, "chat", STYLES[preset]);
      const sent: string[] = [];
      const model = openaiCompatible({
        provider: preset,
        preset,
        model: "m",
        baseURL: `${server.url}/v1`,
        apiKey: KEY,
        fetch: (input, init) => {
          sent.push(String(init?.body));
          return fetch(input, init);
        },
      });
      return { model, sent: () => sent, cleanUp: server.close };
    },
    { secret: KEY, check: (body) => checkChat(JSON.parse(body), compat) },
  );
  tallies.push([preset, tally]);
});

afterAll(() => {
  const passed = tallies.reduce((sum, [, tally]) => sum + tally.passed(), 0);
  const skipped = tallies.reduce((sum, [, tally]) => sum + tally.skipped().length, 0);
  const all = tallies.reduce((sum, [, tally]) => sum + tally.cases, 0);
  const of = Object.keys(PRESETS).length;
  figure(
    `servers: ${passed} of ${all} cases pass on ${presets.length} of ${of} presets, ${skipped} they cannot play`,
  );
});

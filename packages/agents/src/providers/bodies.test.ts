import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budget } from "../../../../scripts/lanes.ts";
import { conversation, TARGETS } from "../../test/conversations.ts";
import { checkChat, checkMessages, checkPrompt, checkResponses } from "../../test/wire-check.ts";
import { ask } from "../../test/wires.ts";
import { normalize } from "../model/normalize.ts";
import type { Message, Origin } from "../words/message.ts";
import type { ModelCaps, ModelRequest, ToolSpec } from "../words/model.ts";
import type { AiSdkModel } from "./ai-sdk/ai-sdk-model.ts";
import { callOptions } from "./ai-sdk/call-options.ts";
import { messagesRequest } from "./anthropic/request.ts";
import { responsesRequest } from "./openai/request.ts";
import { compatOf } from "./openai-compatible/compat.ts";
import { PRESETS, type Preset } from "./openai-compatible/presets.ts";
import { chatRequest } from "./openai-compatible/request.ts";

const [GPT, LAB, CLAUDE, SDK] = TARGETS as readonly [Origin, Origin, Origin, Origin];
const presets = Object.keys(PRESETS) as Preset[];
const weather: ToolSpec = { name: "weather", description: "d", schema: { type: "object", properties: {} } };

const caps = fc.record({ images: fc.boolean(), files: fc.boolean() }).map(
  (files): ModelCaps => ({
    generative: true,
    tools: true,
    parallelTools: true,
    output: "native",
    outputWithTools: true,
    reasoning: true,
    ...files,
  }),
);
/** Whoever had the conversation before may keep what it was sent. */
const before = fc.option(fc.constantFrom(...TARGETS), { nil: undefined });
const wish = fc.record({
  reasoning: fc.constantFrom(undefined, "none" as const, "high" as const),
  cache: fc.constantFrom(undefined, "none" as const, "short" as const, "long" as const),
  tools: fc.constantFrom(undefined, [weather]),
});

/** Holds a check against the bodies of random conversations; gives how many were checked. */
function holds(
  name: string,
  problems: (request: ModelRequest, caps: ModelCaps) => readonly string[] | Promise<readonly string[]>,
): void {
  test(name, async () => {
    await fc.assert(
      fc.asyncProperty(
        conversation,
        wish,
        caps,
        before,
        async (messages, { reasoning, cache, tools }, able, from) => {
          // An empty conversation is nobody's request.
          const asked: readonly Message[] = [
            ...(from === undefined ? messages : normalize(messages, from, able)),
            { role: "user", content: [{ type: "text", text: "so?" }] },
          ];
          const more = { ...(reasoning && { reasoning }), ...(cache && { cache }), ...(tools && { tools }) };
          expect(await problems(ask("", { messages: asked, ...more }), able)).toEqual([]);
        },
      ),
      { numRuns: budget("randomBodies") },
    );
  });
}

describe("a conversation of any providers is what this one takes:", () => {
  holds("OpenAI Responses", (request, able) => checkResponses(responsesRequest(request, GPT, able).body));

  for (const preset of presets) {
    const compat = compatOf(preset);
    holds(`Chat Completions of ${preset}`, (request, able) =>
      checkChat(chatRequest(request, LAB, able, compat).body, compat),
    );
  }

  for (const thinking of ["adaptive", "budget"] as const) {
    for (const cachePlacement of ["automatic", "prefix", "marked"] as const) {
      holds(`Anthropic Messages, thinking ${thinking}, cache ${cachePlacement}`, (request, able) =>
        checkMessages(
          messagesRequest(request, CLAUDE, able, { thinking, cachePlacement, cache: "short" }).body,
        ),
      );
    }
  }

  for (const specificationVersion of ["v3", "v4"] as const) {
    holds(`AI SDK ${specificationVersion}`, async (request, able) => {
      const model: AiSdkModel = {
        specificationVersion,
        provider: SDK.provider,
        modelId: SDK.model,
        supportedUrls: {},
        doStream: () => Promise.reject(new Error("not called")),
      };
      const settings = {
        id: SDK,
        caps: able,
        callIds: "medium",
        headers: {},
        signal: request.signal,
      } as const;
      const { options } = await callOptions(model, request, settings);
      return checkPrompt(options.prompt, specificationVersion);
    });
  }
});

/** Every adapter and preset, each with the law of what it sends. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { fromAiSdk } from "../../src/providers/ai-sdk/from-ai-sdk.ts";
import { anthropic } from "../../src/providers/anthropic/anthropic.ts";
import { openai } from "../../src/providers/openai/openai.ts";
import { compatOf } from "../../src/providers/openai-compatible/compat.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import { PRESETS, type Preset } from "../../src/providers/openai-compatible/presets.ts";
import type { Model } from "../../src/words/model.ts";
import type { WireName } from "../scenes.ts";
import { chatLaw, sdkChatLaw } from "./chat-law.ts";
import type { Law } from "./law.ts";
import { messagesLaw, sdkMessagesLaw } from "./messages-law.ts";
import type { Runs } from "./provider-runs.ts";
import { responsesLaw } from "./responses-law.ts";

/** A model of one provider, and what it may send. */
export interface WalkTarget {
  readonly name: string;
  readonly wire: WireName;
  readonly law: Law;
  readonly model: (url: string) => Model;
  /** Whose tools it has. */
  readonly runs?: Runs;
}

const apiKey = "sk-walk-0123456789";

/** All of them. */
export const targets: readonly WalkTarget[] = [
  {
    name: "openai",
    wire: "responses",
    law: responsesLaw,
    runs: "openai",
    model: (url) => openai({ model: "gpt-5", baseURL: `${url}/v1`, apiKey }),
  },
  ...(["adaptive", "budget"] as const).flatMap((thinking) =>
    (["automatic", "prefix", "marked"] as const).map(
      (cachePlacement): WalkTarget => ({
        name: `anthropic, thinking ${thinking}, cache ${cachePlacement}`,
        wire: "messages",
        law: messagesLaw,
        runs: "anthropic",
        model: (url) =>
          anthropic({
            model: "claude-sonnet-5-5",
            baseURL: url,
            apiKey,
            thinking,
            cachePlacement,
            cache: "short",
          }),
      }),
    ),
  ),
  ...Object.keys(PRESETS).map((name): WalkTarget => {
    const compat = compatOf(name as Preset);
    const { serverTools } = compat;
    return {
      name: `openai-compatible, preset ${name}`,
      wire: "chat",
      law: chatLaw(compat),
      ...(serverTools !== "none" && { runs: serverTools }),
      model: (url) =>
        openaiCompatible({
          provider: name,
          preset: name as Preset,
          model: serverTools === "groq" ? "groq/compound" : "m",
          baseURL: `${url}/v1`,
          apiKey,
          caps: { images: true, files: true },
        }),
    };
  }),
  {
    name: "ai-sdk over OpenAI Responses",
    wire: "responses",
    runs: "sdk-openai",
    law: responsesLaw,
    model: (url) => fromAiSdk(createOpenAI({ apiKey, baseURL: `${url}/v1` }).responses("gpt-5")),
  },
  {
    name: "ai-sdk over Chat Completions",
    wire: "chat",
    law: sdkChatLaw(compatOf("openai")),
    model: (url) => fromAiSdk(createOpenAI({ apiKey, baseURL: `${url}/v1` }).chat("gpt-4o")),
  },
  {
    name: "ai-sdk over Anthropic Messages",
    wire: "messages",
    runs: "sdk-anthropic",
    law: sdkMessagesLaw,
    model: (url) => fromAiSdk(createAnthropic({ apiKey, baseURL: `${url}/v1` })("claude-sonnet-5-5")),
  },
];

/**
 * What is assumed of each provider's models, before its adapter is loaded and by the adapter itself. A test holds these
 * equal to what a model says by either door.
 */
import type { ModelCaps } from "../words/model.ts";

const FULL: ModelCaps = {
  generative: true,
  tools: true,
  parallelTools: true,
  output: "native",
  outputWithTools: true,
  images: true,
  files: true,
  reasoning: true,
};

/** Of a model on OpenAI's Responses API; which ones reason, their names tell. */
export function openaiCaps(model: string): ModelCaps {
  return { ...FULL, reasoning: /^(?:o\d|gpt-[5-9]|codex)/.test(model) && !/-chat\b/.test(model) };
}

/** Of Anthropic's models. */
export const ANTHROPIC_CAPS: ModelCaps = FULL;

/** Of models of the AI SDK, which say nothing of themselves. */
export const AI_SDK_CAPS: ModelCaps = FULL;

/** Of the model that quotes. */
export const EXTRACTIVE_CAPS: ModelCaps = {
  ...FULL,
  generative: false,
  parallelTools: false,
  images: false,
  files: false,
  reasoning: false,
};

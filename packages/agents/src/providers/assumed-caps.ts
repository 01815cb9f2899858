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

/** The capabilities of a model on OpenAI's Responses API. The name tells whether it reasons. */
export function openaiCaps(model: string): ModelCaps {
  return {
    ...FULL,
    allowedTools: true,
    reasoning: /^(?:o\d|gpt-[5-9]|codex)/.test(model) && !/-chat\b/.test(model),
  };
}

/** Of Anthropic's models. */
export const ANTHROPIC_CAPS: ModelCaps = FULL;

/** The capabilities of AI SDK models, which do not report their own. */
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

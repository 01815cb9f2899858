/** What servers that speak Chat Completions do differently, as flags, and the settings of known ones. */

import type { CallIdRule } from "../../model/tool-call-ids.ts";
import type { ModelCaps } from "../../words/model.ts";

/** How a server departs from OpenAI's own Chat Completions. */
export interface Compat {
  readonly maxTokensField: "max_completion_tokens" | "max_tokens";
  /** System messages go out as `developer`. */
  readonly developerRole: boolean;
  /** Tools may carry `strict`. */
  readonly strictTools: boolean;
  /** How a schema for the answer is sent; `json_object` adds the schema to the instructions. */
  readonly jsonSchema: "native" | "json_object" | "none";
  /** Whether a schema for the answer does not suppress tool calls. */
  readonly outputWithTools: boolean;
  /** Whether `stream_options.include_usage` is understood. */
  readonly usageInStream: boolean;
  /** Whether `usage.cost` is what the call cost, in US dollars; elsewhere its unit is not known. */
  readonly costInUsage: boolean;
  /** Where thinking is sent back, if anywhere. */
  readonly reasoningField: "reasoning_content" | "reasoning" | null;
  /** Whether the server wants its thinking back. */
  readonly replayReasoning: boolean;
  /** Whether `reasoning_effort` is understood. */
  readonly reasoningEffort: boolean;
  /** Whether results carry the tool's `name`. */
  readonly toolResultName: boolean;
  /** Whether `parallel_tool_calls` is understood. */
  readonly parallelToolCalls: boolean;
  /** Whether `prompt_cache_key` is understood. */
  readonly promptCacheKey: boolean;
  /** A stream may end by `[DONE]` without a `finish_reason` and still be whole. */
  readonly finishOptional: boolean;
  /** Which ids of calls it takes: `wide` is 64 letters, digits, `_` and `-`, `medium` 40 of them, `nine` exactly 9 letters or digits. */
  readonly callIds: CallIdRule;
  /** System messages may stand at the beginning only, and a user speaks first; a later one goes as text of the user. */
  readonly strictRoles: boolean;
  /** A user may not speak right after a result: an assistant message is put between. */
  readonly assistantAfterTool: boolean;
}

/** Known servers. `generic` assumes the least. */
export type Preset =
  | "openai"
  | "ollama"
  | "vllm"
  | "lmstudio"
  | "openrouter"
  | "deepseek"
  | "groq"
  | "mistral"
  | "generic";

const GENERIC: Compat = {
  maxTokensField: "max_tokens",
  developerRole: false,
  strictTools: false,
  jsonSchema: "native",
  outputWithTools: false,
  usageInStream: true,
  costInUsage: false,
  reasoningField: null,
  replayReasoning: false,
  reasoningEffort: false,
  toolResultName: false,
  parallelToolCalls: false,
  promptCacheKey: false,
  finishOptional: false,
  callIds: "medium",
  strictRoles: true,
  assistantAfterTool: false,
};

const DIFFERENCES: Record<Preset, Partial<Compat>> = {
  generic: {},
  openai: {
    maxTokensField: "max_completion_tokens",
    developerRole: true,
    strictTools: true,
    outputWithTools: true,
    reasoningEffort: true,
    parallelToolCalls: true,
    promptCacheKey: true,
    strictRoles: false,
  },
  ollama: { reasoningEffort: true, strictRoles: false },
  vllm: { parallelToolCalls: true },
  lmstudio: {},
  openrouter: {
    strictTools: true,
    costInUsage: true,
    outputWithTools: true,
    reasoningField: "reasoning",
    replayReasoning: true,
    reasoningEffort: true,
    parallelToolCalls: true,
    strictRoles: false,
  },
  deepseek: {
    jsonSchema: "json_object",
    reasoningField: "reasoning_content",
    replayReasoning: true,
    strictRoles: false,
  },
  groq: {
    maxTokensField: "max_completion_tokens",
    parallelToolCalls: true,
    reasoningEffort: true,
    strictRoles: false,
  },
  mistral: { toolResultName: true, parallelToolCalls: true, callIds: "nine", assistantAfterTool: true },
};

/** The flags of a preset, as corrected by `own`. */
export function compatOf(preset: Preset, own: Partial<Compat> = {}): Compat {
  return { ...GENERIC, ...DIFFERENCES[preset], ...own };
}

/** The assumed capabilities of a model behind these flags. Many local models read text only. */
export function assumedCaps(preset: Preset, compat: Compat): ModelCaps {
  const sees = preset === "openai" || preset === "openrouter";
  return {
    generative: true,
    tools: true,
    parallelTools: true,
    output: compat.jsonSchema === "native" ? "native" : "tool",
    outputWithTools: compat.outputWithTools,
    images: sees,
    files: sees,
    reasoning: compat.reasoningEffort || compat.reasoningField !== null,
  };
}

/** What servers that speak Chat Completions do differently, as flags. The known servers stand in `presets.ts`. */

import type { CallIdRule } from "../../model/tool-call-ids.ts";
import type { ModelCaps } from "../../words/model.ts";
import { PRESETS, type Preset } from "./presets.ts";

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
  /** Whether each message with calls must have thinking, also one that a model wrote that thought nothing, or another one. */
  readonly callsNeedReasoning: boolean;
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
  /**
   * Thinking between tags in the text: `tags` is `<think>...</think>` before the answer, `open` is for a template that has written the
   * opening tag already, and `none` leaves the text as it is.
   */
  readonly thinkTags: "tags" | "open" | "none";
  /** What `tool_choice` may be: any of them, no single tool by its name, or nothing but `auto`. */
  readonly toolChoice: "any" | "unnamed" | "auto";
  /** Calls without a signature of the model get the stand-in that Gemini documents: else a conversation from elsewhere is refused. */
  readonly standInSignature: boolean;
  /** Most models of the server see pictures, and it takes documents. */
  readonly seesFiles: boolean;
  /** System messages may stand at the beginning only, and a user speaks first; a later one goes as text of the user. */
  readonly strictRoles: boolean;
  /** A user may not speak right after a result: an assistant message is put between. */
  readonly assistantAfterTool: boolean;
  /**
   * Which tools the server knows by itself, and where it reads them: as OpenRouter in the list of tools, or as Groq, whose models have different
   * ones. With `none` a tool of the provider is an error.
   */
  readonly serverTools: "none" | "openrouter" | "groq";
}

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
  callsNeedReasoning: false,
  reasoningEffort: false,
  toolResultName: false,
  parallelToolCalls: false,
  promptCacheKey: false,
  finishOptional: false,
  callIds: "medium",
  thinkTags: "tags",
  toolChoice: "any",
  standInSignature: false,
  seesFiles: false,
  strictRoles: true,
  assistantAfterTool: false,
  serverTools: "none",
};

/** The flags of a preset, as corrected by `own`. */
export function compatOf(preset: Preset, own: Partial<Compat> = {}): Compat {
  return { ...GENERIC, ...PRESETS[preset].compat, ...own };
}

/** The assumed capabilities of a model behind these flags. Many local models read text only. */
export function assumedCaps(compat: Compat): ModelCaps {
  return {
    generative: true,
    tools: true,
    parallelTools: true,
    output: compat.jsonSchema === "native" ? "native" : "tool",
    outputWithTools: compat.outputWithTools,
    images: compat.seesFiles,
    files: compat.seesFiles,
    reasoning: compat.reasoningEffort || compat.reasoningField !== null,
  };
}

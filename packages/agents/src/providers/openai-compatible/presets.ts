/**
 * The servers that people run, as one table: where they are, which variable has their key, and how each departs from the
 * least that is assumed. Where each fact was read, or that it is assumed, stands beside, in `preset-facts.json`, which no program loads.
 */
import type { Compat } from "./compat.ts";

/** Known servers. `generic` assumes the least. */
export type Preset =
  | "openai"
  | "azure"
  | "openrouter"
  | "deepseek"
  | "kimi"
  | "glm"
  | "groq"
  | "mistral"
  | "together"
  | "fireworks"
  | "xai"
  | "gemini"
  | "ollama"
  | "vllm"
  | "llamacpp"
  | "lmstudio"
  | "sglang"
  | "litellm"
  | "generic";

/** What is known of a server. */
export interface PresetFacts {
  /** Up to and with the version; absent where each customer has an address of their own. */
  readonly home?: string;
  /** The environment variable with the key. Default: the provider's name in capitals, with `_API_KEY`. */
  readonly key?: string;
  /** It answers without a key. */
  readonly keyless?: true;
  /** How the host of an address ends that is this server's, with the port where it is the server's own. */
  readonly hosts?: readonly string[];
  readonly compat: Partial<Compat>;
}

const OPENAI: Partial<Compat> = {
  maxTokensField: "max_completion_tokens",
  developerRole: true,
  strictTools: true,
  outputWithTools: true,
  reasoningEffort: true,
  parallelToolCalls: true,
  thinkTags: "none",
  seesFiles: true,
  strictRoles: false,
};

const THINKS: Partial<Compat> = { reasoningField: "reasoning_content", replayReasoning: true };

/** The table. */
export const PRESETS: { readonly [name in Preset]: PresetFacts } = {
  generic: { compat: {} },
  openai: { hosts: ["api.openai.com"], compat: { ...OPENAI, promptCacheKey: true } },
  azure: {
    key: "AZURE_OPENAI_API_KEY",
    hosts: [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"],
    compat: OPENAI,
  },
  openrouter: {
    home: "https://openrouter.ai/api/v1",
    hosts: ["openrouter.ai"],
    compat: {
      strictTools: true,
      costInUsage: true,
      outputWithTools: true,
      reasoningField: "reasoning",
      replayReasoning: true,
      reasoningEffort: true,
      parallelToolCalls: true,
      seesFiles: true,
      strictRoles: false,
      serverTools: "openrouter",
    },
  },
  deepseek: {
    home: "https://api.deepseek.com/v1",
    hosts: ["api.deepseek.com"],
    compat: { ...THINKS, callsNeedReasoning: true, jsonSchema: "json_object" },
  },
  kimi: {
    home: "https://api.moonshot.ai/v1",
    key: "MOONSHOT_API_KEY",
    hosts: ["api.moonshot.ai", "api.moonshot.cn"],
    compat: {
      ...THINKS,
      maxTokensField: "max_completion_tokens",
      callsNeedReasoning: true,
      jsonSchema: "json_object",
      toolChoice: "auto",
      strictRoles: false,
    },
  },
  glm: {
    home: "https://api.z.ai/api/paas/v4",
    key: "ZAI_API_KEY",
    hosts: ["api.z.ai", "open.bigmodel.cn"],
    compat: {
      ...THINKS,
      jsonSchema: "json_object",
      toolChoice: "auto",
      usageInStream: false,
      strictRoles: false,
    },
  },
  groq: {
    home: "https://api.groq.com/openai/v1",
    hosts: ["api.groq.com"],
    compat: {
      maxTokensField: "max_completion_tokens",
      parallelToolCalls: true,
      reasoningEffort: true,
      strictRoles: false,
      serverTools: "groq",
    },
  },
  mistral: {
    home: "https://api.mistral.ai/v1",
    hosts: ["api.mistral.ai"],
    compat: {
      toolResultName: true,
      usageInStream: false,
      parallelToolCalls: true,
      callIds: "nine",
      assistantAfterTool: true,
    },
  },
  together: {
    home: "https://api.together.xyz/v1",
    hosts: ["api.together.xyz", "api.together.ai"],
    compat: { reasoningEffort: true, strictRoles: false },
  },
  fireworks: {
    home: "https://api.fireworks.ai/inference/v1",
    hosts: ["api.fireworks.ai"],
    compat: { ...THINKS, reasoningEffort: true, parallelToolCalls: true, strictRoles: false },
  },
  xai: {
    home: "https://api.x.ai/v1",
    hosts: ["api.x.ai"],
    compat: {
      maxTokensField: "max_completion_tokens",
      outputWithTools: true,
      reasoningEffort: true,
      parallelToolCalls: true,
      thinkTags: "none",
      seesFiles: true,
      strictRoles: false,
    },
  },
  gemini: {
    home: "https://generativelanguage.googleapis.com/v1beta/openai",
    hosts: ["generativelanguage.googleapis.com"],
    compat: { reasoningEffort: true, standInSignature: true, seesFiles: true },
  },
  ollama: {
    home: "http://127.0.0.1:11434/v1",
    keyless: true,
    hosts: [":11434"],
    compat: { reasoningEffort: true, toolChoice: "auto", strictRoles: false },
  },
  vllm: {
    home: "http://127.0.0.1:8000/v1",
    keyless: true,
    compat: { reasoningField: "reasoning", replayReasoning: true, parallelToolCalls: true },
  },
  llamacpp: {
    home: "http://127.0.0.1:8080/v1",
    keyless: true,
    compat: { parallelToolCalls: true, reasoningEffort: true },
  },
  lmstudio: { home: "http://127.0.0.1:1234/v1", keyless: true, hosts: [":1234"], compat: {} },
  sglang: { home: "http://127.0.0.1:30000/v1", keyless: true, hosts: [":30000"], compat: {} },
  litellm: {
    home: "http://127.0.0.1:4000/v1",
    keyless: true,
    compat: {
      ...THINKS,
      reasoningEffort: true,
      parallelToolCalls: true,
      seesFiles: true,
      strictRoles: false,
    },
  },
};

/** The server of an address, as far as the host tells. */
export function presetOf(baseURL: string | undefined): Preset {
  if (baseURL === undefined || !URL.canParse(baseURL)) return "generic";
  const { host, hostname } = new URL(baseURL);
  const is = (end: string): boolean => {
    if (end.startsWith(":")) return host.endsWith(end);
    return end.startsWith(".") ? hostname.endsWith(end) : hostname === end;
  };
  const found = Object.entries(PRESETS).find(([, { hosts }]) => hosts?.some(is));
  return (found?.[0] as Preset | undefined) ?? "generic";
}

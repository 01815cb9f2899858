/** Tools that servers with Chat Completions know by themselves: each has its own place for them. Where that was read stands in `preset-facts.json`. */
import type { Json } from "@orch/core";
import type { Origin } from "../../words/message.ts";
import type { ToolSpec } from "../../words/model.ts";
import type { ProviderTool } from "../../words/provider-tool.ts";
import { lostOption, missingOption, missingTool } from "../provider-tool-support.ts";
import type { Compat } from "./compat.ts";

/** What a request needs for the tools of a server. */
export interface KnownTools {
  /** The agent's own. */
  readonly tools: readonly ToolSpec[] | undefined;
  /** The server's, where they stand in the same list. */
  readonly listed: readonly Json[];
  readonly body: { readonly [field: string]: Json };
  readonly headers: { readonly [name: string]: string };
  readonly warnings: readonly string[];
}

/** Puts the tools that the server knows where it reads them, and leaves the agent's own. */
export function knownTools(
  tools: readonly ToolSpec[] | undefined,
  { provider, model }: Origin,
  { serverTools }: Pick<Compat, "serverTools">,
): KnownTools {
  const known = (tools ?? []).flatMap((tool) => tool.provider ?? []);
  if (known.length === 0) return { tools, listed: [], body: {}, headers: {}, warnings: [] };
  if (serverTools === "none") throw missingTool(known[0]!.type, provider);
  const warnings: string[] = [];
  const own = tools?.filter((tool) => tool.provider === undefined);
  const written = WAYS[serverTools](known, { provider, model, warnings });
  return { tools: own, listed: [], body: {}, headers: {}, ...written, warnings };
}

interface Target {
  readonly provider: string;
  readonly model: string;
  readonly warnings: string[];
}

type Write = (
  tools: readonly ProviderTool[],
  target: Target,
) => Partial<Pick<KnownTools, "listed" | "body" | "headers">>;

const WAYS: { readonly [way in Exclude<Compat["serverTools"], "none">]: Write } = {
  openrouter: (tools, target) => ({ listed: tools.map((tool) => openrouterTool(tool, target)) }),
  groq: (tools, target) => {
    if (/gpt-oss/.test(target.model)) return { listed: tools.map((tool) => gptOssTool(tool, target)) };
    if (!/compound/.test(target.model))
      throw missingTool(tools[0]!.type, `${target.provider}/${target.model}`);
    const search = tools.find((tool) => tool.type === "web-search");
    const enabled_tools = tools.map((tool) => compoundTool(tool, target));
    return {
      body: {
        compound_custom: { tools: { enabled_tools } },
        ...(search !== undefined && searchSettings(search)),
      },
      // The version that is the default visits no pages.
      ...(enabled_tools.includes("visit_website") && { headers: { "Groq-Model-Version": "latest" } }),
    };
  },
};

type WebSearch = ProviderTool & { type: "web-search" };

function openrouterTool(tool: ProviderTool, target: Target): Json {
  switch (tool.type) {
    case "web-search":
      tellLost(tool, ["place", "maxUses"], target);
      return withParameters("openrouter:web_search", {
        ...(tool.domains && { allowed_domains: [...tool.domains] }),
        ...(tool.withoutDomains && { excluded_domains: [...tool.withoutDomains] }),
        ...(tool.contextSize && { search_context_size: tool.contextSize }),
      });
    case "web-fetch":
      return withParameters("openrouter:web_fetch", {
        ...(tool.domains && { allowed_domains: [...tool.domains] }),
        ...(tool.withoutDomains && { blocked_domains: [...tool.withoutDomains] }),
        ...(tool.maxUses !== undefined && { max_uses: tool.maxUses }),
        ...(tool.maxTokens !== undefined && { max_content_tokens: tool.maxTokens }),
      });
    default:
      throw missingTool(tool.type, target.provider);
  }
}

function withParameters(type: string, parameters: { readonly [name: string]: Json }): Json {
  return Object.keys(parameters).length === 0 ? { type } : { type, parameters };
}

/** The models with open weights have two tools at Groq, which take no options. */
function gptOssTool(tool: ProviderTool, target: Target): Json {
  const { provider, model } = target;
  if (tool.type === "code-execution") return { type: "code_interpreter" };
  if (tool.type !== "web-search") throw missingTool(tool.type, `${provider}/${model}`);
  if (tool.domains !== undefined || tool.withoutDomains !== undefined)
    throw missingOption(tool.type, provider, `the search of ${model} cannot be kept to domains`);
  tellLost(tool, ["place", "maxUses", "contextSize"], target);
  return { type: "browser_search" };
}

function compoundTool(tool: ProviderTool, { provider, warnings }: Target): string {
  switch (tool.type) {
    case "web-search":
      tellLost(tool, ["maxUses", "contextSize"], { provider, warnings, model: "" });
      return "web_search";
    case "web-fetch":
      if (tool.domains !== undefined || tool.withoutDomains !== undefined)
        throw missingOption(tool.type, provider, "it cannot be kept to domains");
      return "visit_website";
    case "code-execution":
      return "code_interpreter";
    default:
      throw missingTool(tool.type, provider);
  }
}

function searchSettings({ domains, withoutDomains, place }: WebSearch): { readonly [field: string]: Json } {
  if (!domains && !withoutDomains && !place?.country) return {};
  return {
    search_settings: {
      ...(domains && { include_domains: [...domains] }),
      ...(withoutDomains && { exclude_domains: [...withoutDomains] }),
      ...(place?.country && { country: place.country }),
    },
  };
}

function tellLost(tool: WebSearch, options: readonly (keyof WebSearch)[], target: Target): void {
  for (const option of options)
    if (tool[option] !== undefined) target.warnings.push(lostOption(tool.type, option, target.provider));
}

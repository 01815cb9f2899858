/** Tools that servers with Chat Completions know by themselves: each has its own field for them, as documented. */
import type { Json } from "@orch/core";
import type { Origin } from "../../words/message.ts";
import type { ToolSpec } from "../../words/model.ts";
import type { ProviderTool } from "../../words/provider-tool.ts";
import { lostOption, missingOption, missingTool } from "../provider-tool-support.ts";

/** What a request needs for the tools of a server. */
export interface KnownTools {
  /** The agent's own. */
  readonly tools: readonly ToolSpec[] | undefined;
  readonly body: { readonly [field: string]: Json };
  readonly warnings: readonly string[];
}

/** Puts the tools that the server knows into its own field, and leaves the agent's own. */
export function knownTools(tools: readonly ToolSpec[] | undefined, { provider, model }: Origin): KnownTools {
  const known = (tools ?? []).flatMap((tool) => tool.provider ?? []);
  if (known.length === 0) return { tools, body: {}, warnings: [] };
  const warnings: string[] = [];
  const own = tools?.filter((tool) => tool.provider === undefined);
  const write = Object.hasOwn(WAYS, provider) ? WAYS[provider] : undefined;
  if (write === undefined) throw missingTool(known[0]!.type, provider);
  return { tools: own, body: write(known, { provider, model, warnings }), warnings };
}

interface Target {
  readonly provider: string;
  readonly model: string;
  readonly warnings: string[];
}

type Write = (tools: readonly ProviderTool[], target: Target) => { readonly [field: string]: Json };

/** By the name of the provider. */
const WAYS: { readonly [provider: string]: Write } = {
  // https://openrouter.ai/docs/features/web-search
  openrouter: (tools, target) => ({ plugins: tools.map((tool) => openrouterPlugin(tool, target)) }),
  // https://docs.x.ai/docs/guides/live-search
  xai: (tools, target) => ({ search_parameters: liveSearch(tools, target) }),
  // https://console.groq.com/docs/compound
  groq: (tools, target) => {
    if (!/compound/.test(target.model))
      throw missingTool(tools[0]!.type, `${target.provider}/${target.model}`);
    const search = tools.find((tool) => tool.type === "web-search");
    return {
      compound_custom: { tools: { enabled_tools: tools.map((tool) => compoundTool(tool, target)) } },
      ...(search !== undefined && searchSettings(search)),
    };
  },
};

type WebSearch = ProviderTool & { type: "web-search" };

function openrouterPlugin(tool: ProviderTool, target: Target): Json {
  if (tool.type !== "web-search") throw missingTool(tool.type, target.provider);
  tellLost(tool, ["place", "maxUses", "contextSize"], target);
  return {
    id: "web",
    ...(tool.domains && { include_domains: [...tool.domains] }),
    ...(tool.withoutDomains && { exclude_domains: [...tool.withoutDomains] }),
  };
}

function liveSearch(tools: readonly ProviderTool[], target: Target): Json {
  const [tool] = tools;
  const other = tools.find(({ type }) => type !== "web-search");
  if (other !== undefined || tool?.type !== "web-search")
    throw missingTool((other ?? tool!).type, target.provider);
  tellLost(tool, ["maxUses", "contextSize"], target);
  const source = {
    type: "web",
    ...(tool.domains && { allowed_websites: [...tool.domains] }),
    ...(tool.withoutDomains && { excluded_websites: [...tool.withoutDomains] }),
    ...(tool.place?.country && { country: tool.place.country }),
  };
  return { mode: "auto", return_citations: true, sources: [source] };
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

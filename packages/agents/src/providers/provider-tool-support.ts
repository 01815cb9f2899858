/** Which provider has which tool, for errors that name the way out. */
import { ProviderToolError } from "../errors/provider-tool-error.ts";
import type { ToolSpec } from "../words/model.ts";
import type { ProviderTool } from "../words/provider-tool.ts";

const HAS: { readonly [type in ProviderTool["type"]]: readonly string[] } = {
  "web-search": ["openai", "anthropic", "openrouter", "groq (compound, gpt-oss)"],
  "web-fetch": ["anthropic", "openrouter", "groq (compound)"],
  "code-execution": ["openai", "anthropic", "groq (compound, gpt-oss)"],
  "file-search": ["openai"],
  "image-generation": ["openai"],
  "hosted-mcp": ["openai", "anthropic"],
  "tool-search": ["openai", "anthropic"],
  computer: ["openai", "anthropic"],
  shell: ["openai", "anthropic"],
  memory: ["anthropic"],
};

/** The error of a tool that a provider does not have. */
export function missingTool(tool: ProviderTool["type"], provider: string): ProviderToolError {
  return new ProviderToolError({ tool, provider, problem: `${provider} has no such tool`, has: HAS[tool] });
}

/** The error of an option that must not be left out in silence, as it keeps something from happening. */
export function missingOption(
  tool: ProviderTool["type"],
  provider: string,
  problem: string,
): ProviderToolError {
  return new ProviderToolError({
    tool,
    provider,
    problem,
    has: HAS[tool].filter((name) => name !== provider),
  });
}

/** Tells that an option has no form at the provider. */
export function lostOption(tool: ProviderTool["type"], option: string, provider: string): string {
  return `The option "${option}" of the tool "${tool}" is left out: ${provider} does not take it.`;
}

/** The names of the tools that the model has to search for; the search itself and what runs at the provider stay in sight. */
export function deferredTools(tools: readonly ToolSpec[]): ReadonlySet<string> {
  const search = tools.find(({ provider }) => provider?.type === "tool-search")?.provider;
  if (search?.type !== "tool-search") return new Set();
  const own = tools.filter(({ provider }) => provider === undefined).map(({ name }) => name);
  return new Set(search.tools === undefined ? own : own.filter((name) => search.tools?.includes(name)));
}

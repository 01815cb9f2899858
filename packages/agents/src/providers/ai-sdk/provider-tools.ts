/** Tools that a provider knows by itself, as a model of the AI SDK is told of them: by their id and arguments. */
import type { LanguageModelV4ProviderTool } from "@ai-sdk/provider";
import type { ProviderTool } from "../../words/provider-tool.ts";
import { lostOption, missingOption, missingTool } from "../provider-tool-support.ts";

/** Writes a tool for the provider that stands behind the model, which its name begins with. */
export function knownTool(
  tool: ProviderTool,
  name: string,
  provider: string,
  losses: string[],
): LanguageModelV4ProviderTool {
  const [family = provider] = provider.split(".", 1);
  const write =
    family === "openai" || family === "azure"
      ? openaiTool
      : family === "anthropic"
        ? anthropicTool
        : undefined;
  const written = write?.(tool, losses);
  if (written === undefined) throw missingTool(tool.type, provider);
  const [id, args] = written;
  return { type: "provider", id: `${family === "azure" ? "openai" : family}.${id}`, name, args };
}

type Written = readonly [id: string, args: Record<string, unknown>] | undefined;

function openaiTool(tool: ProviderTool, losses: string[]): Written {
  switch (tool.type) {
    case "web-search":
      if (tool.withoutDomains !== undefined)
        throw missingOption(tool.type, "openai", "it cannot leave domains out, only keep to some (domains)");
      if (tool.maxUses !== undefined) losses.push(lostOption(tool.type, "maxUses", "OpenAI"));
      return [
        "web_search",
        {
          ...(tool.domains && { filters: { allowedDomains: [...tool.domains] } }),
          ...(tool.place && { userLocation: { ...tool.place, type: "approximate" } }),
          ...(tool.contextSize && { searchContextSize: tool.contextSize }),
        },
      ];
    case "code-execution":
      return ["code_interpreter", { container: tool.container ?? { fileIds: [...(tool.files ?? [])] } }];
    case "file-search":
      return [
        "file_search",
        {
          vectorStoreIds: [...tool.stores],
          ...(tool.maxResults !== undefined && { maxNumResults: tool.maxResults }),
        },
      ];
    case "image-generation": {
      const { size, quality, format, background, model } = tool;
      const args = { size, quality, outputFormat: format, background, model };
      return [
        "image_generation",
        Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)),
      ];
    }
    default:
      return undefined;
  }
}

function anthropicTool(tool: ProviderTool, losses: string[]): Written {
  switch (tool.type) {
    case "web-search":
      if (tool.contextSize !== undefined) losses.push(lostOption(tool.type, "contextSize", "Anthropic"));
      return [
        "web_search_20250305",
        { ...webArgs(tool), ...(tool.place && { userLocation: { ...tool.place, type: "approximate" } }) },
      ];
    case "web-fetch":
      return [
        "web_fetch_20250910",
        {
          ...webArgs(tool),
          citations: { enabled: tool.citations ?? true },
          ...(tool.maxTokens !== undefined && { maxContentTokens: tool.maxTokens }),
        },
      ];
    case "code-execution":
      return ["code_execution_20250825", {}];
    default:
      return undefined;
  }
}

function webArgs(tool: ProviderTool & { type: "web-search" | "web-fetch" }): Record<string, unknown> {
  return {
    ...(tool.domains && { allowedDomains: [...tool.domains] }),
    ...(tool.withoutDomains && { blockedDomains: [...tool.withoutDomains] }),
    ...(tool.maxUses !== undefined && { maxUses: tool.maxUses }),
  };
}

/** Our tools as those of the Responses API: functions, and what OpenAI knows by itself. */
import type { ResponseIncludable, Tool, WebSearchTool } from "openai/resources/responses/responses";
import type { ToolSpec } from "../../words/model.ts";
import type { ProviderTool } from "../../words/provider-tool.ts";
import { deferredTools, lostOption, missingOption, missingTool } from "../provider-tool-support.ts";

/** Writes the tools; what an option loses is told in `warnings`. */
export function wireTools(tools: readonly ToolSpec[], model: string, warnings: string[]): Tool[] {
  const deferred = deferredTools(tools);
  return tools.map((tool): Tool => {
    if (tool.provider !== undefined) return knownTool(tool.provider, model, warnings);
    return {
      type: "function",
      name: tool.name,
      description: tool.description,
      parameters: { ...tool.schema },
      strict: tool.strict ?? false,
      ...(deferred.has(tool.name) && { defer_loading: true }),
    };
  });
}

/** What has to be asked for, so that the results of a tool are seen. */
export function includesOf(tools: readonly ToolSpec[] | undefined): ResponseIncludable[] {
  const types = new Set(tools?.map(({ provider }) => provider?.type));
  return [
    ...(types.has("web-search") ? ["web_search_call.action.sources" as const] : []),
    ...(types.has("file-search") ? ["file_search_call.results" as const] : []),
    ...(types.has("code-execution") ? ["code_interpreter_call.outputs" as const] : []),
  ];
}

function knownTool(tool: ProviderTool, model: string, warnings: string[]): Tool {
  switch (tool.type) {
    case "web-search":
      return webSearch(tool, warnings);
    case "code-execution": {
      const files = tool.files === undefined ? {} : { file_ids: [...tool.files] };
      return { type: "code_interpreter", container: tool.container ?? { type: "auto", ...files } };
    }
    case "file-search":
      return {
        type: "file_search",
        vector_store_ids: [...tool.stores],
        ...(tool.maxResults !== undefined && { max_num_results: tool.maxResults }),
        ...(tool.filters && { filters: tool.filters as never }),
      };
    case "image-generation":
      return imageGeneration(tool);
    case "hosted-mcp":
      return mcp(tool);
    case "tool-search":
      return { type: "tool_search" };
    case "computer":
      if (!/^computer-use-preview/.test(model)) return { type: "computer" };
      return {
        type: "computer_use_preview",
        display_width: tool.width,
        display_height: tool.height,
        environment: "browser",
      };
    case "shell":
      return { type: "shell", environment: { type: "local" } };
    case "web-fetch":
    case "memory":
      throw missingTool(tool.type, "openai");
  }
}

function webSearch(tool: ProviderTool & { type: "web-search" }, warnings: string[]): WebSearchTool {
  const { domains, place, contextSize } = tool;
  if (tool.withoutDomains !== undefined)
    throw missingOption(tool.type, "openai", "it cannot leave domains out, only keep to some (domains)");
  if (tool.maxUses !== undefined) warnings.push(lostOption(tool.type, "maxUses", "OpenAI"));
  return {
    type: "web_search",
    ...(domains && { filters: { allowed_domains: [...domains] } }),
    ...(place && { user_location: { ...place, type: "approximate" as const } }),
    ...(contextSize && { search_context_size: contextSize }),
  };
}

function imageGeneration(tool: ProviderTool & { type: "image-generation" }): Tool.ImageGeneration {
  const { size, quality, format, background, model } = tool;
  return {
    type: "image_generation",
    ...(size && { size }),
    ...(quality && { quality }),
    ...(format && { output_format: format }),
    ...(background && { background }),
    ...(model && { model }),
  };
}

function mcp(tool: ProviderTool & { type: "hosted-mcp" }): Tool.Mcp {
  return {
    type: "mcp",
    server_label: tool.label,
    server_url: tool.url,
    require_approval: tool.approval === "never" ? "never" : "always",
    ...(tool.description && { server_description: tool.description }),
    ...(tool.tools && { allowed_tools: [...tool.tools] }),
    ...(tool.token !== undefined && { authorization: tool.token }),
  };
}

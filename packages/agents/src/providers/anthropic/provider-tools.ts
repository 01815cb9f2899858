/** Our tools as those of the Messages API: functions, and what Anthropic knows by itself, in the dated types of its API. */
import type {
  BetaMCPToolset,
  BetaRequestMCPServerURLDefinition,
  BetaToolComputerUse20250124,
  BetaToolComputerUse20251124,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { MessageCreateParamsStreaming, Tool, ToolUnion } from "@anthropic-ai/sdk/resources/messages";
import { grammarSchema } from "../../schema/grammar-schema.ts";
import { isRecursive } from "../../schema/size.ts";
import type { ToolSpec } from "../../words/model.ts";
import type { ProviderTool } from "../../words/provider-tool.ts";
import { deferredTools, lostOption, missingOption, missingTool } from "../provider-tool-support.ts";

/** Writes the tools; what an option loses is told in `warnings`. */
export function wireTools(tools: readonly ToolSpec[], model: string, warnings: string[]): ToolUnion[] {
  const deferred = deferredTools(tools);
  return tools.map((tool): ToolUnion => {
    if (tool.provider !== undefined) return knownTool(tool.provider, model, warnings);
    return {
      name: tool.name,
      description: tool.description,
      ...toolSchema(tool),
      ...(deferred.has(tool.name) && { defer_loading: true }),
    };
  });
}

/** A tool that may be held to its schema is, where the schema can be compiled to a grammar. */
function toolSchema({ schema, strict }: ToolSpec): Pick<Tool, "input_schema" | "strict"> {
  const held = strict === true && !isRecursive(schema);
  const sent = held ? grammarSchema(schema) : schema;
  return { input_schema: { ...sent, type: "object" as const }, ...(held && { strict: true }) };
}

function knownTool(tool: ProviderTool, model: string, warnings: string[]): ToolUnion {
  switch (tool.type) {
    case "web-search":
      if (tool.contextSize !== undefined) warnings.push(lostOption(tool.type, "contextSize", "Anthropic"));
      return {
        type: "web_search_20250305",
        name: "web_search",
        ...domainsOf(tool),
        ...(tool.place && { user_location: { ...tool.place, type: "approximate" as const } }),
      };
    case "web-fetch":
      return {
        type: "web_fetch_20250910",
        name: "web_fetch",
        ...domainsOf(tool),
        citations: { enabled: tool.citations ?? true },
        ...(tool.maxTokens !== undefined && { max_content_tokens: tool.maxTokens }),
      };
    case "code-execution":
      if (tool.files !== undefined)
        throw missingOption(tool.type, "anthropic", "files are given to it in a message, not by an option");
      return { type: "code_execution_20250825", name: "code_execution" };
    case "memory":
      return { type: "memory_20250818", name: "memory" };
    case "shell":
      return { type: "bash_20250124", name: "bash" };
    case "tool-search":
      return tool.by === "patterns"
        ? { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" }
        : { type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" };
    case "computer":
      // Its type is part of a beta, so the list of tools does not know it.
      return computer(tool, model) as object as ToolUnion;
    case "hosted-mcp":
      return toolset(tool) as object as ToolUnion;
    case "file-search":
    case "image-generation":
      throw missingTool(tool.type, "anthropic");
  }
}

function domainsOf(tool: ProviderTool & { type: "web-search" | "web-fetch" }): {
  readonly allowed_domains?: string[];
  readonly blocked_domains?: string[];
  readonly max_uses?: number;
} {
  return {
    ...(tool.domains && { allowed_domains: [...tool.domains] }),
    ...(tool.withoutDomains && { blocked_domains: [...tool.withoutDomains] }),
    ...(tool.maxUses !== undefined && { max_uses: tool.maxUses }),
  };
}

/** Models up to Claude 4.5, but for Opus 4.5, know the computer of January 2025. */
function isOldComputer(model: string): boolean {
  return /claude-(?:3|(?:opus|sonnet|haiku)-4(?:-[01])?(?:-\d{8}|$)|(?:sonnet|haiku)-4-5)/.test(model);
}

function computer(
  { width, height }: ProviderTool & { type: "computer" },
  model: string,
): BetaToolComputerUse20250124 | BetaToolComputerUse20251124 {
  const screen = { name: "computer" as const, display_width_px: width, display_height_px: height };
  return isOldComputer(model)
    ? { type: "computer_20250124", ...screen }
    : { type: "computer_20251124", ...screen };
}

/** Fields of a request that belong to its tools; the servers are part of a beta. */
interface BesideTools extends Pick<MessageCreateParamsStreaming, "container"> {
  readonly mcp_servers?: readonly BetaRequestMCPServerURLDefinition[];
}

type Mcp = ProviderTool & { type: "hosted-mcp" };

function toolset({ label, tools, approval }: Mcp): BetaMCPToolset {
  if (approval !== "never")
    throw missingOption(
      "hosted-mcp",
      "anthropic",
      'it calls the server without asking, so the tool has to say approval: "never"',
    );
  return {
    type: "mcp_toolset",
    mcp_server_name: label,
    ...(tools && {
      default_config: { enabled: false },
      configs: Object.fromEntries(tools.map((name) => [name, { enabled: true }])),
    }),
  };
}

/** What a request says of its tools beside them: the servers that the provider connects to, and the container that code goes on in. */
export function besideTools(tools: readonly ToolSpec[] | undefined): BesideTools {
  const servers: BetaRequestMCPServerURLDefinition[] = [];
  let container: string | undefined;
  for (const { provider } of tools ?? []) {
    if (provider?.type === "code-execution") container = provider.container;
    if (provider?.type !== "hosted-mcp") continue;
    const { label, url, token } = provider;
    servers.push({
      type: "url",
      name: label,
      url,
      ...(token !== undefined && { authorization_token: token }),
    });
  }
  return {
    ...(container !== undefined && { container }),
    ...(servers.length > 0 && { mcp_servers: servers }),
  };
}

/** The betas that the tools belong to. */
export function betasOf(tools: readonly ToolSpec[] | undefined, model: string): readonly string[] {
  const types = new Set(tools?.map(({ provider }) => provider?.type));
  return [
    ...(types.has("hosted-mcp") ? ["mcp-client-2025-11-20"] : []),
    ...(types.has("computer")
      ? [isOldComputer(model) ? "computer-use-2025-01-24" : "computer-use-2025-11-24"]
      : []),
  ];
}

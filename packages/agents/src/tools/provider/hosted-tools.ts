/** The tools that run at the provider. */
import type { Tool } from "../../agent/tool.ts";
import { ProviderToolError } from "../../errors/provider-tool-error.ts";
import type {
  CodeExecutionOptions,
  FileSearchOptions,
  HostedMcpOptions,
  ImageGenerationOptions,
  ToolSearchOptions,
  WebFetchOptions,
  WebSearchOptions,
} from "../../words/provider-tool.ts";
import { handledTool, hostedTool } from "./provider-tool.ts";

/**
 * Lets the provider search the web. OpenAI, Anthropic, OpenRouter, Groq's compound models and xAI have it.
 *
 * @throws ProviderToolError (`ORCH_PROVIDER_TOOL`) for domains that are allowed and refused at once.
 */
export function webSearch(options: WebSearchOptions = {}): Tool {
  checkDomains("web-search", options);
  return hostedTool("web_search", "Searches the web.", { type: "web-search", ...options });
}

/**
 * Lets the provider read pages whose addresses stand in the conversation. Anthropic has it, and Groq's compound models.
 *
 * @throws ProviderToolError (`ORCH_PROVIDER_TOOL`) for domains that are allowed and refused at once.
 */
export function webFetch(options: WebFetchOptions = {}): Tool {
  checkDomains("web-fetch", options);
  return hostedTool("web_fetch", "Reads a page of the web.", { type: "web-fetch", ...options });
}

/** Lets the model run code in a container of the provider. OpenAI, Anthropic and Groq's compound models have it. */
export function codeExecution(options: CodeExecutionOptions = {}): Tool {
  return hostedTool("code_execution", "Runs code at the provider.", { type: "code-execution", ...options });
}

/**
 * Lets the provider search files that were uploaded to it. OpenAI has it.
 *
 * @throws ProviderToolError (`ORCH_PROVIDER_TOOL`) without a store.
 */
export function fileSearch(options: FileSearchOptions): Tool {
  if (options.stores.length === 0) throw wrong("file-search", "it needs the id of a vector store");
  return hostedTool("file_search", "Searches uploaded files.", { type: "file-search", ...options });
}

/** Lets the model make pictures, which are file parts of its message. OpenAI has it. */
export function imageGeneration(options: ImageGenerationOptions = {}): Tool {
  return hostedTool("image_generation", "Makes a picture.", { type: "image-generation", ...options });
}

/**
 * Lets the provider itself call the tools of an MCP server. OpenAI and Anthropic have it. A call that a person has to agree to
 * (`approval: "ask"`, the default) is a tool call of the run like any other, named `mcp_<label>`; only OpenAI can ask.
 *
 * @throws ToolNameError (`ORCH_TOOL_NAME`) for a label that is no name, ProviderToolError (`ORCH_PROVIDER_TOOL`) for an
 * address that is none.
 */
export function hostedMcp(options: HostedMcpOptions): Tool {
  if (!/^https?:/.test(options.url) || !URL.canParse(options.url))
    throw wrong("hosted-mcp", `"${options.url}" is no address of a server`);
  const description = options.description ?? `Tools of the server ${options.label}.`;
  return handledTool(
    `mcp_${options.label}`,
    description,
    { type: "hosted-mcp", ...options },
    {
      approve: options.approval !== "never",
      read: (input) => input,
      invoke: () => "Approved.",
    },
  );
}

/** Hides tools from the model until it has searched for them, which keeps the context small. OpenAI and Anthropic have it. */
export function toolSearch(options: ToolSearchOptions = {}): Tool {
  return hostedTool("tool_search", "Finds tools.", { type: "tool-search", ...options });
}

function checkDomains(tool: "web-search" | "web-fetch", { domains, withoutDomains }: WebFetchOptions): void {
  if (domains !== undefined && withoutDomains !== undefined)
    throw wrong(tool, "it takes domains or withoutDomains, not both");
}

function wrong(tool: string, problem: string): ProviderToolError {
  return new ProviderToolError({ tool, provider: "", problem, has: [] });
}

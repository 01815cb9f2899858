import { complete } from "./completions.ts";
import type { McpMethod } from "./mcp-request.ts";
import type { McpSettings } from "./mcp-settings.ts";
import { getPrompt, listPrompts } from "./prompts.ts";
import { listResources, listTemplates, readResource } from "./resources.ts";
import { listTools } from "./tool-list.ts";

const ALWAYS: { readonly [method: string]: McpMethod } = {
  "tools/list": listTools,
  "resources/list": listResources,
  "resources/templates/list": listTemplates,
  "resources/read": readResource,
  "completion/complete": complete,
};

const WITH_PROMPTS: { readonly [method: string]: McpMethod } = {
  ...ALWAYS,
  "prompts/list": listPrompts,
  "prompts/get": getPrompt,
};

/** The methods by which both ways of speaking ask what a server offers. Without prompts there are none of theirs. */
export function offerMethods({ prompts }: McpSettings): { readonly [method: string]: McpMethod | undefined } {
  return Object.assign(Object.create(null) as object, prompts.isEmpty ? ALWAYS : WITH_PROMPTS);
}

/** A tool of an MCP server, as an agent holds it. */

import type { CallToolResult, Tool as ServerTool } from "@modelcontextprotocol/client";
import type { Schema } from "@orch/core";
import { type Tool, type ToolContext, tool } from "../../agent/tool.ts";
import { McpToolError } from "../../errors/mcp-tool-error.ts";
import { cutText } from "../../platform/cut-text.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import type { JsonSchema } from "../../words/model.ts";
import type { McpServerConfig, McpToolInfo } from "./mcp-config.ts";
import { outputOf, problemOf } from "./tool-content.ts";
import { toolName } from "./tool-name.ts";

/** Makes a call at the server. */
export type CallServer = (name: string, input: JsonObject, ctx: ToolContext) => Promise<CallToolResult>;

/** In milliseconds. */
const LONGEST_CALL = 600_000;
const LONGEST_DESCRIPTION = 8_000;

/** Makes a tool whose calls go to the server. */
export function mcpTool(config: McpServerConfig, server: ServerTool, call: CallServer): Tool {
  const { name: prefix, toolTimeout } = config;
  const info: McpToolInfo = {
    name: server.name,
    readOnly: server.annotations?.readOnlyHint === true,
    destructive: server.annotations?.destructiveHint === true,
  };
  const approve = config.approve ?? !info.readOnly;
  const description = server.description ?? server.title ?? server.annotations?.title ?? server.name;
  return tool({
    name: toolName(config.prefix ?? prefix, server.name),
    description: cutText(description, LONGEST_DESCRIPTION),
    input: schemaOf(server.inputSchema as JsonSchema),
    approve: typeof approve === "function" ? (input) => approve(info, input) : approve,
    ...(toolTimeout !== undefined && { timeout: toolTimeout }),
    longest: Math.max(config.longestCall ?? LONGEST_CALL, toolTimeout ?? 0),
    invoke: async (input, ctx) => {
      const result = await call(server.name, input, ctx);
      if (!result.isError) return outputOf(result);
      throw new McpToolError({ server: config.name, tool: server.name, problem: problemOf(result) });
    },
  });
}

/** The server's own schema, sent as any tool's is; what the model makes of it is for the server to check. */
export function schemaOf(schema: JsonSchema): Schema<JsonObject> {
  const standard = {
    version: 1 as const,
    vendor: "mcp",
    validate: (value: unknown) =>
      isObject(value) ? { value } : { issues: [{ message: "the arguments must be an object" }] },
    jsonSchema: { input: () => schema, output: () => schema },
  };
  return { "~standard": standard };
}

/** A call of a server's tool by the program itself. */
import type { Schema } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import type { ToolContext, ToolOutput } from "../../agent/tool.ts";
import { McpToolError } from "../../errors/mcp-tool-error.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import type { McpConnection } from "./mcp-connection.ts";
import { outputOf, problemOf } from "./tool-content.ts";

/** How a program calls a tool. */
export interface McpCallOptions<TData> {
  /** Checks the data that the tool gives, and types it. */
  readonly data?: Schema<TData>;
  readonly signal?: AbortSignal;
  /** Told of progress: `{ progress, total?, message? }`. */
  readonly onProgress?: (progress: unknown) => void;
  /** Asks a person what the server wants to know. Default: nobody can be asked. */
  readonly ask?: ToolContext["ask"];
}

/** What a tool gave a program. */
export interface McpCallResult<TData> {
  /** As a model would read it. */
  readonly output: ToolOutput;
  /** The tool's data (`structuredContent`); `undefined` where it gave none and no schema asked for it. */
  readonly data: TData;
}

/** Makes the call. Rejects with McpToolError where the tool reports an error, or gives other data than the schema takes. */
export async function callForProgram<TData>(
  connection: McpConnection,
  server: string,
  tool: string,
  input: JsonObject = {},
  { data, signal = new AbortController().signal, onProgress = () => {}, ask }: McpCallOptions<TData> = {},
): Promise<McpCallResult<TData>> {
  const ctx: ToolContext = { signal, callId: "program", emit: onProgress, ...(ask && { ask }) };
  const result = await connection.call(tool, input, ctx);
  if (result.isError) throw new McpToolError({ server, tool, problem: problemOf(result) });
  const { structuredContent } = result;
  if (data === undefined) return { output: outputOf(result), data: structuredContent as TData };
  const read = await data["~standard"].validate(structuredContent);
  if (read.issues === undefined) return { output: outputOf(result), data: read.value };
  const problem = `Its data does not fit: ${describeIssues(read.issues.slice(0, 5))}`;
  throw new McpToolError({ server, tool, problem });
}

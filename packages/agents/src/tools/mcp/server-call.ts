/** One call at a server, with the rounds in which the server wants to know more before it answers. */
import type {
  CallToolResult,
  ElicitRequest,
  ElicitResult,
  InputRequests,
  Tool as ServerTool,
} from "@modelcontextprotocol/client";
import type { ToolContext } from "../../agent/tool.ts";
import { McpToolError } from "../../errors/mcp-tool-error.ts";
import { cutText } from "../../platform/cut-text.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import type { Elicitation } from "./elicitation.ts";
import { type McpLink, NEVER } from "./mcp-link.ts";
import type { McpSdk } from "./sdk.ts";
import type { CheckOutput } from "./tool-list.ts";

/** How much of data in another form is shown to the model, in characters. */
const LONGEST_DATA = 10_000;
/** How often a server may ask for more before it answers. */
const MOST_ROUNDS = 16;
/** The protocol's code for "first let a person open an address". */
const NEEDS_A_PERSON = -32_042;

/** What is called. */
export interface ServerCall {
  readonly server: string;
  readonly name: string;
  readonly input: JsonObject;
  /** As the server listed it. */
  readonly listed: ServerTool | undefined;
  readonly ctx: ToolContext;
  readonly elicitation: Elicitation;
}

/** Makes a call, and answers what the server wants to know, until it gives a result. */
export async function callServer(link: McpLink, sdk: McpSdk, call: ServerCall): Promise<CallToolResult> {
  const { name, input, listed, ctx } = call;
  let more: object = {};
  for (let round = 0; round <= MOST_ROUNDS; round++) {
    try {
      const params = { name, arguments: { ...input }, ...more };
      const result = await link.client.callTool(params, {
        signal: ctx.signal,
        timeout: NEVER,
        allowInputRequired: true,
        onprogress: ({ progress, total, message }) => ctx.emit({ progress, total, message }),
        ...(listed !== undefined && { toolDefinition: listed }),
      });
      const waits: unknown = result;
      if (!sdk.isInputRequiredResult(waits)) return result;
      const { inputRequests = {}, requestState } = waits;
      const inputResponses = await answersTo(inputRequests, call);
      more = { inputResponses, ...(requestState !== undefined && { requestState }) };
    } catch (error) {
      const pages = pagesOf(error);
      if (pages === undefined) throw error;
      for (const page of pages) await accepted(page, call);
      more = {};
    }
  }
  throw problem(call, `It asked for more than ${MOST_ROUNDS} times and did not answer.`);
}

async function answersTo(
  requests: InputRequests,
  call: ServerCall,
): Promise<{ readonly [key: string]: ElicitResult }> {
  const answers: { [key: string]: ElicitResult } = {};
  for (const [key, request] of Object.entries(requests)) {
    if (request.method !== "elicitation/create")
      throw problem(call, `It asks for ${request.method}, which is not given to servers.`);
    answers[key] = await call.elicitation.answer(request.params);
  }
  return answers;
}

async function accepted(page: ElicitRequest["params"], call: ServerCall): Promise<void> {
  const { action } = await call.elicitation.answer(page);
  if (action !== "accept") throw problem(call, `It needs a person to act first: ${page.message} (${action})`);
}

/** The addresses that a person has to open before the call can be made. */
function pagesOf(error: unknown): readonly ElicitRequest["params"][] | undefined {
  const { code, data } = (error ?? {}) as { readonly code?: unknown; readonly data?: unknown };
  if (code !== NEEDS_A_PERSON) return undefined;
  const { elicitations } = (data ?? {}) as { readonly elicitations?: unknown };
  return Array.isArray(elicitations) && elicitations.length > 0 ? elicitations : undefined;
}

function problem({ server, name }: ServerCall, text: string): McpToolError {
  return new McpToolError({ server, tool: name, problem: text });
}

/** Data that a tool promised in another form is told to the model as the server's mistake, with the data. */
export function checkData(
  server: string,
  tool: string,
  { structuredContent, isError, content }: CallToolResult,
  check: CheckOutput | undefined,
): void {
  if (check === undefined || isError) return;
  const wrong = structuredContent === undefined ? "it gave no data" : check(structuredContent);
  if (wrong === undefined) return;
  const given = cutText(JSON.stringify(structuredContent ?? content), LONGEST_DATA);
  const text = `The tool did run, and what it gave is not in the form that it promises (${wrong}): ${given}`;
  throw new McpToolError({ server, tool, problem: text });
}

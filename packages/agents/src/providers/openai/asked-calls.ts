/** Calls that OpenAI makes in a form of its own (a computer, a shell, a question about an MCP server), and their answers. */
import type {
  ResponseFunctionShellCallOutputContent,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import { readCallInput } from "../../model/call-input.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import type { FilePart, Message, ToolCallPart, ToolResultPart } from "../../words/message.ts";

/** The items that ask, by the ids of our calls. */
export type AskedItems = ReadonlyMap<string, JsonObject>;

/**
 * Finds the items that go back as they are. A call of a computer without a picture as its result (it failed, or was denied)
 * has no form of its own, and goes back as a function's.
 */
export function askedItems(messages: readonly Message[]): AskedItems {
  const found = new Map<string, JsonObject>();
  const results = messages.flatMap((message) => (message.role === "tool" ? message.content : []));
  const seen = new Set(results.filter(({ output }) => pictureOf(output) !== undefined).map(({ id }) => id));
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const part of message.content) {
      const item = part.type === "tool-call" ? part.opaque?.["item"] : undefined;
      if (part.type !== "tool-call" || !isObject(item)) continue;
      if (item["type"] !== "computer_call" || seen.has(part.id)) found.set(part.id, item);
    }
  }
  return found;
}

/** The item of a call, under the id that it has in this request. */
export function askedItem({ id }: ToolCallPart, asked: AskedItems): ResponseInputItem | undefined {
  const item = asked.get(id);
  if (item === undefined) return undefined;
  const named = item["type"] === "mcp_approval_request" ? { id } : { call_id: id };
  return { ...item, ...named } as unknown as ResponseInputItem;
}

/** The result in the form that the item wants. */
export function answerOf(item: JsonObject, result: ToolResultPart): ResponseInputItem {
  const failed = result.isError === true || result.denied === true;
  const text = textsOf(result);
  switch (item["type"]) {
    case "mcp_approval_request":
      return {
        type: "mcp_approval_response",
        approval_request_id: result.id,
        approve: !failed,
        ...(failed && { reason: text }),
      };
    case "shell_call":
      return { type: "shell_call_output", call_id: result.id, output: shellOutput(text, failed) };
    default: {
      const checks = Array.isArray(item["pending_safety_checks"]) ? item["pending_safety_checks"] : [];
      const picture = pictureOf(result.output);
      const url = picture?.url ?? `data:${picture?.mediaType};base64,${picture?.data ?? ""}`;
      return {
        type: "computer_call_output",
        call_id: result.id,
        output: { type: "computer_screenshot", image_url: url },
        ...(checks.length > 0 && { acknowledged_safety_checks: checks as never }),
      };
    }
  }
}

function pictureOf(output: ToolResultPart["output"]): FilePart | undefined {
  return typeof output === "string" ? undefined : output.find((part) => part.type === "file");
}

function shellOutput(text: string, failed: boolean): ResponseFunctionShellCallOutputContent[] {
  const told = failed ? undefined : readResults(text);
  if (told === undefined) {
    const outcome = { type: "exit" as const, exit_code: failed ? 1 : 0 };
    return [{ stdout: failed ? "" : text, stderr: failed ? text : "", outcome }];
  }
  return told.map(({ stdout, stderr, exitCode, timedOut }) => ({
    stdout: typeof stdout === "string" ? stdout : "",
    stderr: typeof stderr === "string" ? stderr : "",
    outcome:
      timedOut === true
        ? { type: "timeout" }
        : { type: "exit", exit_code: typeof exitCode === "number" ? exitCode : 0 },
  }));
}

function readResults(text: string): JsonObject[] | undefined {
  const read = readCallInput(text);
  const results = "input" in read ? read.input : undefined;
  return Array.isArray(results) && results.every(isObject) ? results : undefined;
}

function textsOf({ output }: ToolResultPart): string {
  if (typeof output === "string") return output;
  return output.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

import type { Json } from "@orch/core";
import { isObject } from "../reply/json-object.ts";
import { outputText } from "../reply/output-text.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { structured } from "./tool-list.ts";

/** Kinds of content that MCP knows, with the fields that each must have. */
const CONTENT: { readonly [type: string]: readonly string[] } = {
  text: ["text"],
  image: ["data", "mimeType"],
  audio: ["data", "mimeType"],
  resource_link: ["uri", "name"],
  resource: ["resource"],
};

/** The result of a call whose run has ended. */
export function toolResult(end: ReplyEnd, offered: PublicOrchestration): object {
  const { status, output, error, reason } = end;
  if (status === "completed") return completed(output, offered);
  if (status === "failed") return failedResult(error?.message ?? "The run failed.");
  return failedResult(`The run was stopped: ${reason ?? "cancelled"}.`);
}

/** A result that says what went wrong, so that the model of the client reads it. */
export function failedResult(text: string): object {
  return { content: [{ type: "text", text }], isError: true };
}

/** An output that is a list of MCP content is content; any other one is told as text, and as data where it is an object. */
function completed(output: Json | undefined, offered: PublicOrchestration): object {
  if (isContent(output)) return { content: output };
  const data = structured(output, offered);
  return { content: [{ type: "text", text: outputText(output) }], ...(data && { structuredContent: data }) };
}

function isContent(output: Json | undefined): output is readonly Json[] {
  if (!Array.isArray(output) || output.length === 0) return false;
  return output.every((part: Json) => {
    const needed = isObject(part) && typeof part["type"] === "string" ? CONTENT[part["type"]] : undefined;
    return needed?.every((field) => isObject(part) && part[field] !== undefined) === true;
  });
}

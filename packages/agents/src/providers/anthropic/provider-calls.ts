/** Blocks of tools that ran at Anthropic: the call, and what came of it. */

import type { ProviderCallFacts } from "../../model/message-draft.ts";
import { cutText } from "../../platform/cut-text.ts";
import { isObject } from "../../platform/json-object.ts";
import type { Citation, Opaque } from "../../words/message.ts";

/** The longest that is told of an output; the whole goes back to the provider. */
const SHORT = 2_000;

/** The call that a block is; `undefined` for any other block. */
export function usedTool(block: Opaque): { readonly id: string; readonly name: string } | undefined {
  const { type, id, name, server_name: server } = block;
  if (type !== "server_tool_use" && type !== "mcp_tool_use") return undefined;
  const named = type === "mcp_tool_use" ? `${text(server)}.${text(name)}` : text(name);
  return { id: text(id), name: named };
}

/** What a block says of a call that ran; `undefined` for any other block. */
export function toolAnswer(
  block: Opaque,
): { readonly id: string; readonly name: string; readonly facts: ProviderCallFacts } | undefined {
  const { type, tool_use_id: id, content } = block;
  if (typeof type !== "string" || typeof id !== "string" || !type.endsWith("_tool_result")) return undefined;
  const name = type.slice(0, -"_tool_result".length);
  return { id, name, facts: factsOf(content, block["is_error"] === true) };
}

/** The ids of files that code made, which Anthropic keeps. */
export function madeFiles({ content }: Opaque): readonly string[] {
  const made = isObject(content) && Array.isArray(content["content"]) ? content["content"] : [];
  return made.filter(isObject).flatMap(({ type, file_id: id }) => {
    return typeof type === "string" && type.endsWith("code_execution_output") && text(id) !== ""
      ? [text(id)]
      : [];
  });
}

function factsOf(content: unknown, isError: boolean): ProviderCallFacts {
  if (Array.isArray(content)) return listFacts(content.filter(isObject), isError);
  if (!isObject(content))
    return { status: isError ? "failed" : "done", output: cutText(text(content), SHORT) };
  if (typeof content["error_code"] === "string") {
    const message = text(content["error_message"]);
    const output = message === "" ? content["error_code"] : `${content["error_code"]}: ${message}`;
    return { status: "failed", output };
  }
  if (typeof content["url"] === "string") {
    const title = isObject(content["content"]) ? text(content["content"]["title"]) : "";
    const source: Citation = { url: content["url"], ...(title !== "" && { title }) };
    return { status: "done", output: "1 page read", sources: [source] };
  }
  const { stdout, stderr, return_code: code, tool_references: found } = content;
  if (Array.isArray(found)) {
    const names = found.filter(isObject).map((one) => text(one["tool_name"]));
    return { status: "done", output: cutText(names.join(", "), SHORT) };
  }
  const lines = [text(stdout), text(stderr)].filter((one) => one !== "").join("\n");
  const failed = typeof code === "number" && code !== 0;
  const said = failed ? `${lines}\n[exit ${code}]`.trim() : lines;
  return { status: failed ? "failed" : "done", ...(said !== "" && { output: cutText(said, SHORT) }) };
}

/** Pages that a search found, or the texts of an MCP server. */
function listFacts(list: readonly Opaque[], isError: boolean): ProviderCallFacts {
  const pages = list.filter((one) => typeof one["url"] === "string");
  if (pages.length > 0 || (list.length === 0 && !isError)) {
    const sources = pages.map(({ url, title }): Citation => {
      return { url: text(url), ...(text(title) !== "" && { title: text(title) }) };
    });
    return {
      status: "done",
      output: `${pages.length} ${pages.length === 1 ? "page" : "pages"} found`,
      ...(sources.length > 0 && { sources }),
    };
  }
  const said = list.map((one) => text(one["text"])).join("\n");
  return { status: isError ? "failed" : "done", output: cutText(said, SHORT) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Items of tools that OpenAI knows by itself: those that ran there, and those that it asks us for. */
import type { Json } from "@orch/core";
import type { ResponseOutputItem, ResponseOutputText } from "openai/resources/responses/responses";
import { readCallInput } from "../../model/call-input.ts";
import type { MessageDraft, PartKey, ProviderCallFacts } from "../../model/message-draft.ts";
import { cutText } from "../../platform/cut-text.ts";
import { mediaOf } from "../../platform/media-of.ts";
import type { Citation, Opaque } from "../../words/message.ts";

/** The longest that is told of an output; the whole goes back to the provider. */
const SHORT = 2_000;

/** A call that ran at the provider, as it begins. */
export function nameOfCall(item: ResponseOutputItem): string | undefined {
  switch (item.type) {
    case "web_search_call":
    case "file_search_call":
    case "tool_search_call":
    case "code_interpreter_call":
      return item.type.slice(0, -"_call".length);
    case "mcp_call":
      return `${item.server_label}.${item.name}`;
    default:
      return undefined;
  }
}

/** What is told of a call that ran at the provider; `undefined` for items that are no call. */
export function factsOf(item: ResponseOutputItem): ProviderCallFacts | undefined {
  switch (item.type) {
    case "web_search_call":
      return searchFacts(item);
    case "file_search_call": {
      const results = item.results ?? [];
      const sources = results.map(({ filename, text }): Citation => {
        return { ...(filename && { title: filename }), ...(text && { quote: cutText(text, SHORT) }) };
      });
      const output = `${results.length} ${results.length === 1 ? "place" : "places"} found`;
      return { input: { queries: item.queries }, status: statusOf(item.status), output, sources };
    }
    case "code_interpreter_call": {
      const logs = (item.outputs ?? []).map((one) => (one.type === "logs" ? one.logs : `[${one.type}]`));
      return {
        input: { code: item.code ?? "" },
        status: statusOf(item.status),
        output: cutText(logs.join("\n"), SHORT),
      };
    }
    case "tool_search_call":
      return { input: item.arguments as Json, status: statusOf(item.status) };
    case "mcp_call": {
      const { error, output } = item;
      const told = error ? problemOf(error) : (output ?? "");
      return {
        input: inputOf(item.arguments),
        status: error ? "failed" : statusOf(item.status ?? "completed"),
        output: cutText(told, SHORT),
      };
    }
    default:
      return undefined;
  }
}

function searchFacts(item: ResponseOutputItem & { type: "web_search_call" }): ProviderCallFacts {
  const { action } = item;
  const found = action?.type === "search" ? (action.sources ?? []) : [];
  const sources = found.flatMap(({ url }): Citation[] => (url ? [{ url }] : []));
  const { sources: _sources, ...input } = { sources: undefined, ...(action as object | undefined) };
  return {
    input: input as Opaque,
    status: statusOf(item.status),
    ...(sources.length > 0 && {
      sources,
      output: `${sources.length} ${sources.length === 1 ? "page" : "pages"} found`,
    }),
  };
}

function statusOf(status: string): NonNullable<ProviderCallFacts["status"]> {
  return status === "failed" || status === "incomplete" ? "failed" : "done";
}

function problemOf(error: unknown): string {
  if (typeof error === "string") return error;
  const { message } = error as { readonly message?: unknown };
  return typeof message === "string" ? message : JSON.stringify(error);
}

function inputOf(text: string): Json {
  const read = readCallInput(text);
  return "input" in read ? read.input : text;
}

/** A call that we are asked for and that is no function: its id, the name of our tool, and its arguments. */
export interface RequestedCall {
  readonly id: string;
  readonly name: string;
  readonly input: Json;
}

/** What we are asked to do: at a computer, in a shell, or to agree to a call of an MCP server. */
export function askedOf(item: ResponseOutputItem): RequestedCall | undefined {
  switch (item.type) {
    case "computer_call": {
      const actions = item.actions ?? (item.action === undefined ? [] : [item.action]);
      const checks = item.pending_safety_checks ?? [];
      const input = { actions, ...(checks.length > 0 && { safetyChecks: checks }) };
      return { id: item.call_id, name: "computer", input: input as unknown as Json };
    }
    case "shell_call":
      return { id: item.call_id, name: "bash", input: item.action as unknown as Json };
    case "mcp_approval_request":
      return {
        id: item.id,
        name: `mcp_${item.server_label}`,
        input: { tool: item.name, input: inputOf(item.arguments) },
      };
    default:
      return undefined;
  }
}

/** Pictures that code made. They are at the provider only, or in the address itself. */
export function keepPictures(at: number, item: ResponseOutputItem, draft: MessageDraft): void {
  if (item.type !== "code_interpreter_call") return;
  item.outputs?.forEach((output, nth) => {
    if (output.type === "image")
      draft.file(`${at}.image.${nth}`, "image/png", bytesOf(output.url), { of: item.id });
  });
}

/** Files that code made are named where the text speaks of them, and are kept in the container of the code. */
export function keepFiles(
  key: PartKey,
  annotations: ResponseOutputText["annotations"],
  draft: MessageDraft,
): void {
  for (const annotation of annotations) {
    if (annotation.type !== "container_file_citation") continue;
    const { container_id: container, file_id: id, filename: name } = annotation;
    const stored = { provider: "openai", id, container };
    // A text may speak of a file more than once.
    if (!draft.has(`file ${id}`))
      draft.file(`file ${id}`, mediaOf(name), { name, stored }, { of: String(key) });
  }
}

function bytesOf(url: string): { readonly data: string } | { readonly url: string } {
  const comma = url.indexOf(",");
  return /^data:[^,]*;base64,/.test(url) ? { data: url.slice(comma + 1) } : { url };
}

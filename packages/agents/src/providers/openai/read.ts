/** The events of the Responses API, read into a draft. Events that are not named here say nothing we need. */

import type { Json } from "@orch/core";
import type {
  Response,
  ResponseError,
  ResponseOutputItem,
  ResponseOutputText,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { type FailureContext, providerFailure } from "../../model/failure.ts";
import type { MessageDraft, PartKey } from "../../model/message-draft.ts";
import type { Citation, Opaque } from "../../words/message.ts";
import type { FinishReason, Usage } from "../../words/model.ts";
import { askedOf, factsOf, keepFiles, keepPictures, nameOfCall } from "./provider-calls.ts";

/** Reads one event. */
export function readResponseEvent(
  event: ResponseStreamEvent,
  draft: MessageDraft,
  ctx: FailureContext,
): void {
  switch (event.type) {
    case "response.created":
    case "response.in_progress":
      draft.model ||= event.response?.model;
      return;
    case "response.output_item.added":
      beginItem(event.output_index, event.item, draft);
      return;
    case "response.output_text.delta":
      draft.text(inItem(event.output_index, event.content_index), event.delta);
      return;
    case "response.refusal.delta":
      draft.refusal(inItem(event.output_index, event.content_index), event.delta);
      return;
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      draft.reasoning(event.output_index, event.delta);
      return;
    case "response.reasoning_summary_part.added":
      if (event.summary_index > 0) draft.reasoning(event.output_index, "\n\n");
      return;
    case "response.function_call_arguments.delta":
      draft.input(event.output_index, event.delta);
      return;
    case "response.output_item.done":
      closeItem(event.output_index, event.item, draft);
      return;
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      readEnd(event.response, event.type, draft, ctx);
      return;
    case "error":
      readFailure(event, draft, ctx);
      return;
  }
}

function beginItem(at: number, item: ResponseOutputItem, draft: MessageDraft): void {
  if (item.type === "function_call") draft.call(at, item.call_id, item.name);
  const name = nameOfCall(item);
  if (name !== undefined && item.id) draft.providerCall(at, item.id, name);
}

function inItem(output: number, content: number): PartKey {
  return `${output}.${content}`;
}

function closeItem(at: number, item: ResponseOutputItem, draft: MessageDraft): void {
  if (draft.isClosed(at)) return;
  switch (item.type) {
    case "message":
      item.content.forEach((content, index) => {
        const key = inItem(at, index);
        if (draft.isClosed(key)) return;
        if (content.type === "refusal") {
          if (!draft.has(key)) draft.refusal(key, content.refusal);
          draft.close(key, content.refusal);
          return;
        }
        draft.keep(key, "text", { id: item.id, ...(item.phase && { phase: item.phase }) });
        for (const annotation of content.annotations ?? []) cite(draft, key, annotation);
        draft.close(key, content.text);
        keepFiles(key, content.annotations ?? [], draft);
      });
      return;
    case "function_call":
      if (!draft.has(at)) draft.call(at, item.call_id, item.name);
      if (item.id) draft.keep(at, "tool-call", { id: item.id });
      draft.close(at, item.arguments);
      return;
    case "reasoning":
      draft.keep(at, "reasoning", plain(item));
      draft.close(at);
      return;
    case "image_generation_call": {
      const { result, ...rest } = item;
      if (!result) {
        draft.providerCall(at, item.id, "image_generation");
        draft.providerFacts(at, { status: "failed", output: item.error?.message ?? "no picture came" });
        draft.close(at);
        return;
      }
      draft.file(at, "image/png", { data: result }, { item: plain(rest) });
      return;
    }
    default:
      closeOther(at, item, draft);
  }
}

/** An item of a tool that the provider knows by itself, or one that is only given back as it is. */
function closeOther(at: number, item: ResponseOutputItem, draft: MessageDraft): void {
  const asked = askedOf(item);
  if (asked !== undefined) {
    draft.call(at, asked.id, asked.name);
    draft.input(at, JSON.stringify(asked.input));
    draft.keep(at, "tool-call", { item: plain(item) });
    draft.close(at);
    return;
  }
  beginItem(at, item, draft);
  const facts = factsOf(item);
  draft.providerFacts(at, facts ?? {});
  draft.keep(at, facts === undefined ? "text" : "provider-call", { item: plain(item) });
  draft.close(at);
  keepPictures(at, item, draft);
}

function cite(
  draft: MessageDraft,
  key: PartKey,
  annotation: ResponseOutputText["annotations"][number],
): void {
  const citation: Citation | undefined =
    annotation.type === "url_citation"
      ? {
          url: annotation.url,
          title: annotation.title,
          start: annotation.start_index,
          end: annotation.end_index,
        }
      : annotation.type === "file_citation"
        ? { title: annotation.filename }
        : undefined;
  if (citation) draft.cite(key, citation);
}

function readEnd(
  response: Response,
  type: "response.completed" | "response.incomplete" | "response.failed",
  draft: MessageDraft,
  ctx: FailureContext,
): void {
  const searches = response.output?.filter(isSearch).length ?? 0;
  if (response.usage)
    draft.usage({ ...usageOf(response.usage), ...(searches > 0 && { webSearches: searches }) });
  if (type === "response.failed") {
    readFailure(response.error ?? { code: null, message: "The response failed." }, draft, ctx);
    return;
  }
  // Servers that leave out the events of an item name it here.
  response.output?.forEach((item, at) => {
    closeItem(at, item, draft);
  });
  const why = response.incomplete_details?.reason;
  if (type === "response.completed" && !why) draft.ended("stop", response.status ?? "completed");
  else draft.ended(incompleteReason(why), why ?? "incomplete");
}

/** Opening a page that was found is not billed; a search is. */
function isSearch(item: ResponseOutputItem): boolean {
  return item.type === "web_search_call" && item.action?.type === "search";
}

function incompleteReason(why: string | undefined): FinishReason {
  if (why === "max_output_tokens") return "length";
  return why === "content_filter" ? "filtered" : "other";
}

function readFailure(
  error: Pick<ResponseError, "message"> & { code: string | null },
  draft: MessageDraft,
  ctx: FailureContext,
): void {
  const facts = {
    provider: ctx.provider,
    codes: error.code ? [error.code] : [],
    message: error.message ?? "no reason given",
  };
  draft.failed(providerFailure(facts, ctx), error.code ?? undefined);
}

function usageOf(usage: NonNullable<Response["usage"]>): Usage {
  const cacheRead = usage.input_tokens_details?.cached_tokens;
  const cacheWrite = usage.input_tokens_details?.cache_write_tokens;
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
    raw: usage as unknown as Json,
  };
}

/** SDK types describe what came as JSON, so it is JSON. */
function plain(item: object): Opaque {
  return item as Opaque;
}

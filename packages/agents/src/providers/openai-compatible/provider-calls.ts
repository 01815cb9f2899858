/** What a server did by itself while it answered, as it tells it beside the text: the tools that it ran, and the pages that it cites. */
import { readCallInput } from "../../model/call-input.ts";
import type { MessageDraft } from "../../model/message-draft.ts";
import { cutText } from "../../platform/cut-text.ts";
import type { Citation } from "../../words/message.ts";

/** The fields of a delta, of which nothing is known but their names. */
export interface ProviderCalls {
  /** Groq: each tool, first as it begins and again with its output. */
  readonly executed_tools?: unknown;
  /** OpenRouter, and others after OpenAI's form. */
  readonly annotations?: unknown;
}

/** The longest that is told of an output. */
const SHORT = 2_000;

/** Reads the fields into the draft; `text` is the part that cites. */
export function readProviderCalls(delta: ProviderCalls, text: string, draft: MessageDraft): void {
  for (const tool of recordsIn(delta.executed_tools)) readTool(tool, draft);
  for (const annotation of recordsIn(delta.annotations)) {
    const citation = citationIn(annotation["url_citation"]);
    if (citation !== undefined) draft.cite(text, citation);
  }
}

type Fields = { readonly [field: string]: unknown };

function readTool(tool: Fields, draft: MessageDraft): void {
  const { index, type, arguments: args, output } = tool;
  if (typeof index !== "number" || typeof type !== "string") return;
  const key = `ran:${index}`;
  if (draft.isClosed(key)) return;
  draft.providerCall(key, `ran_${index}`, type);
  const read = typeof args === "string" && args !== "" ? readCallInput(args) : undefined;
  if (read !== undefined && "input" in read) draft.providerFacts(key, { input: read.input });
  if (typeof output !== "string") return;
  const sources = recordsIn(fieldsOf(tool["search_results"])?.["results"]).flatMap((one) => {
    const source = citationIn(one);
    return source === undefined ? [] : [source];
  });
  const found = sources.length > 0 ? { sources } : {};
  draft.providerFacts(key, { status: "done", output: cutText(output, SHORT), ...found });
  draft.close(key);
}

/** A page with its title; a quote is left out, as servers put the whole page there. */
function citationIn(value: unknown): Citation | undefined {
  const { url, title, start_index: start, end_index: end } = fieldsOf(value) ?? {};
  if (typeof url !== "string" || url === "") return undefined;
  return {
    url,
    ...(typeof title === "string" && title !== "" && { title }),
    ...(typeof start === "number" && typeof end === "number" && end > start && { start, end }),
  };
}

function recordsIn(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return [];
  return value.map(fieldsOf).filter((one) => one !== undefined);
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

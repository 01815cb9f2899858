/**
 * What servers add to a message and want back word for word: OpenRouter's `reasoning_details`, LiteLLM's
 * `thinking_blocks`, Gemini's `extra_content`. They are kept with the call that they led to, and else with the text, so
 * that they go back only with it, and only to the model that wrote them.
 */
import type { Json } from "@orch/core";
import type { MessageDraft, PartKey } from "../../model/message-draft.ts";
import type { AssistantPart, Opaque } from "../../words/message.ts";

type Fields = { [field: string]: Json };

/** Lists that come in pieces, and objects that come whole. */
const LISTS = ["reasoning_details", "thinking_blocks"] as const;
const OBJECTS = ["extra_content"] as const;
const KEY = "message";
/** Texts of an entry that come in pieces. */
const TEXTS = ["text", "summary", "thinking"];

/** Collects them, one instance for each message. */
export class Replayed {
  #fields: Fields | undefined;

  add(delta: object): void {
    const said = delta as Fields;
    for (const field of LISTS) {
      const entries = said[field];
      if (Array.isArray(entries)) for (const entry of entries) this.#append(field, entry);
    }
    for (const field of OBJECTS) {
      if (isFields(said[field])) this.#fields = { ...this.#fields, [field]: said[field] };
    }
  }

  /** Keeps them with a part of the draft, at the end of the message. */
  end(draft: MessageDraft, call: PartKey, text: PartKey): void {
    if (this.#fields === undefined) return;
    const [key, kind] = draft.has(call) ? ([call, "tool-call"] as const) : ([text, "text"] as const);
    if (draft.has(key)) draft.keep(key, kind, { [KEY]: this.#fields });
  }

  #append(field: string, entry: Json): void {
    const list = (this.#fields?.[field] ?? []) as Json[];
    const last = list.at(-1);
    if (isFields(entry) && isFields(last) && goesOn(last, entry)) list[list.length - 1] = joined(last, entry);
    else list.push(entry);
    this.#fields = { ...this.#fields, [field]: list };
  }
}

/** The fields that go back with a message of these parts. */
export function replayedOf(parts: readonly AssistantPart[]): Opaque {
  const found = parts.map((part) => ("opaque" in part ? part.opaque?.[KEY] : undefined)).find(isFields);
  return found ?? {};
}

/** The provider data of a call alone. */
export function ofCall(opaque: Opaque | undefined): Opaque | undefined {
  if (opaque === undefined || !(KEY in opaque)) return opaque;
  const { [KEY]: _message, ...rest } = opaque;
  return rest;
}

/** A text that comes in pieces is one entry; encrypted data is whole each time. */
function goesOn(last: Fields, next: Fields): boolean {
  const same = ["type", "index"].every((field) => last[field] === next[field]);
  const ids = last["id"] == null || next["id"] == null || last["id"] === next["id"];
  const signed = typeof last["signature"] === "string" && last["signature"] !== "";
  return same && ids && !signed && last["data"] === undefined && next["data"] === undefined;
}

function joined(last: Fields, next: Fields): Fields {
  const told = Object.entries(next).filter(([, value]) => value !== null && value !== undefined);
  const texts = TEXTS.filter((field) => typeof last[field] === "string" && typeof next[field] === "string");
  return {
    ...last,
    ...Object.fromEntries(told),
    ...Object.fromEntries(texts.map((field) => [field, `${last[field]}${next[field]}`])),
  };
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

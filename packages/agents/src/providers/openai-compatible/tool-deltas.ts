/**
 * Which call a piece of a call belongs to. The format gives each call an index, but servers leave it
 * out, send 0 for all, send a fresh id with every piece, or no id at all; so the index is one hint of
 * several. A server that sends a fresh id *and* the name with every piece cannot be understood.
 */
import type { Random } from "@orch/core";
import { newId } from "@orch/core/doors";
import { readCallInput } from "../../model/call-input.ts";
import type { MessageDraft, PartKey } from "../../model/message-draft.ts";
import type { Opaque } from "../../words/message.ts";

/** A piece as servers send it, which is less than the SDK's type promises. */
export interface ToolDelta {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly type?: string;
  readonly function?: {
    readonly name?: string | null;
    /** An object from some servers. */
    readonly arguments?: unknown;
  } | null;
  readonly [key: string]: unknown;
}

interface Call {
  readonly key: PartKey;
  readonly id: string;
}

/** Puts pieces together, one instance for each message. */
export class ToolDeltas {
  readonly #calls = new Map<string, Call>();
  readonly #mint: () => string;
  #last = "";
  #count = 0;

  constructor(now: () => number, random: Random) {
    this.#mint = () => newId("call", now(), random);
  }

  /** Adds one piece to the draft. */
  add(piece: ToolDelta, draft: MessageDraft): void {
    const name = piece.function?.name || undefined;
    const id = piece.id || undefined;
    const slot = this.#slot(piece.index ?? undefined, id, name);
    let call = this.#calls.get(slot);
    if (call === undefined || (name !== undefined && this.#isNext(call, id, draft))) {
      call = { key: `call:${this.#count++}`, id: id ?? this.#mint() };
      this.#calls.set(slot, call);
      draft.call(call.key, call.id, name ?? "");
    }
    this.#last = slot;
    draft.input(call.key, rawText(piece.function?.arguments));
    const extra = extraOf(piece);
    if (extra !== undefined) draft.keep(call.key, "tool-call", extra);
  }

  #slot(index: number | undefined, id: string | undefined, name: string | undefined): string {
    if (index !== undefined) return `index:${index}`;
    return id !== undefined && name !== undefined ? `id:${id}` : this.#last;
  }

  /** Whether a named piece in a used slot begins another call, by its id or by complete arguments before it. */
  #isNext(call: Call, id: string | undefined, draft: MessageDraft): boolean {
    if (id !== undefined) return id !== call.id;
    const before = draft.collected(call.key);
    return before !== "" && "input" in readCallInput(before);
  }
}

function rawText(args: unknown): string {
  if (args === undefined || args === null) return "";
  return typeof args === "string" ? args : JSON.stringify(args);
}

/** Keys beyond the format (signatures of thinking, for one) go back to the same server with the call. */
function extraOf(piece: ToolDelta): Opaque | undefined {
  const { index: _index, id: _id, type: _type, function: _function, ...extra } = piece;
  return Object.keys(extra).length > 0 ? (extra as Opaque) : undefined;
}

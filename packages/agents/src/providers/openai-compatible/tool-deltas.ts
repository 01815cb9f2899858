/**
 * Which call a piece of a call belongs to, and what it adds. The format gives each call an index, but servers leave it
 * out, send 0 for all, send a fresh id with every piece, or no id at all; so the index is one hint of several. Names come
 * late, and arguments as pieces, as the whole until now, or as an empty object before the real one. A call is told once
 * its name is known. A server that sends a fresh id *and* the name with every piece cannot be understood.
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
  id: string | undefined;
  name: string;
  /** Arguments that the draft does not have: before the name is known, or while they may only stand for the real ones. */
  held: string;
  opaque: Opaque | undefined;
}

/** Arguments that stand for the real ones until they come. */
const PLACEHOLDER = "{}";

/** Puts pieces together, one instance for each message. */
export class ToolDeltas {
  readonly #slots = new Map<string, Call>();
  readonly #calls: Call[] = [];
  readonly #mint: () => string;
  #last = "";

  constructor(now: () => number, random: Random) {
    this.#mint = () => newId("call", now(), random);
  }

  /** Adds one piece to the draft. */
  add(piece: ToolDelta, draft: MessageDraft): void {
    const name = piece.function?.name || undefined;
    const id = piece.id || undefined;
    const args = rawText(piece.function?.arguments);
    const slot = this.#slot(piece.index ?? undefined, { id, name }, draft);
    let call = this.#slots.get(slot);
    // What stands until now is asked for only where the piece may begin something: it may be long.
    let before = call && (name !== undefined || isObjectText(args)) ? textOf(call, draft) : "";
    if (call === undefined || isNext(call, { id, name, args, before })) {
      call = this.#begin(slot, call, id, name);
      before = "";
    } else if (call.name === "") {
      call.name = name ?? "";
      call.id ??= id;
    }
    this.#last = slot;
    take(call, args, before);
    const extra = extraOf(piece);
    if (extra !== undefined) call.opaque = { ...call.opaque, ...extra };
    if (call.name !== "") this.#tell(call, draft, false);
  }

  /** Tells what was held back, at the end of the message. */
  end(draft: MessageDraft): void {
    for (const call of this.#calls) this.#tell(call, draft, true);
  }

  /** A further call under the id of the one before it gets an id of its own, and has its name if none comes. */
  #begin(slot: string, before: Call | undefined, id: string | undefined, name: string | undefined): Call {
    const fresh = before !== undefined && (id === undefined || id === before.id) ? this.#mint() : id;
    const key = `call:${this.#calls.length}`;
    const call = { key, id: fresh, name: name ?? before?.name ?? "", held: "", opaque: undefined };
    this.#calls.push(call);
    this.#slots.set(slot, call);
    return call;
  }

  #tell(call: Call, draft: MessageDraft, last: boolean): void {
    if (!draft.has(call.key)) {
      call.id ??= this.#mint();
      draft.call(call.key, call.id, call.name);
    }
    const waits = !last && PLACEHOLDER.startsWith(call.held.trim()) && draft.collected(call.key) === "";
    if (!waits) {
      draft.input(call.key, call.held);
      call.held = "";
    }
    if (call.opaque !== undefined) draft.keep(call.key, "tool-call", call.opaque);
    call.opaque = undefined;
  }

  #slot(index: number | undefined, { id, name }: Named, draft: MessageDraft): string {
    if (index !== undefined) return `index:${index}`;
    if (id === undefined) return this.#last;
    const last = this.#slots.get(this.#last);
    // An id alone begins a call where nothing is open; else it may be a fresh one for the next piece.
    const begins =
      name !== undefined || last === undefined || (id !== last.id && isWhole(textOf(last, draft)));
    return begins ? `id:${id}` : this.#last;
  }
}

interface Named {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

/** Whether a piece in a used slot begins another call: by its id, or by complete arguments before it. */
function isNext(
  call: Call,
  { id, name, args, before }: Named & { readonly args: string; readonly before: string },
): boolean {
  if (name !== undefined && call.name !== "" && id !== undefined && id !== call.id) return true;
  const unnumbered = name !== undefined && id === undefined && call.name !== "";
  if (!isWhole(before)) return false;
  if (before.trim() === PLACEHOLDER || !isObjectText(args)) return unnumbered;
  // The same once more is the same call.
  return !args.startsWith(before) || unnumbered;
}

/** Adds arguments to those before: a piece that begins with them is the whole until now. */
function take(call: Call, args: string, before: string): void {
  if (!isObjectText(before) || !isObjectText(args)) call.held += args;
  else if (call.held.trim() === PLACEHOLDER) call.held = args;
  else if (args.startsWith(before)) call.held += args.slice(before.length);
  else call.held += args;
}

function textOf(call: Call, draft: MessageDraft): string {
  return draft.collected(call.key) + call.held;
}

function isObjectText(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function isWhole(raw: string): boolean {
  return raw.trimEnd().endsWith("}") && "input" in readCallInput(raw);
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

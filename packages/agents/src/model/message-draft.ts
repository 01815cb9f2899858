/**
 * An assistant message while it streams: adapters tell what came, in the provider's own keys, and
 * the draft makes our events and, at the end, the message. It owns the rule that only a message
 * whose end the provider marked may carry calls that run.
 */
import type { Json } from "@orch/core";
import type {
  AssistantMessage,
  AssistantPart,
  Citation,
  FilePart,
  Opaque,
  Origin,
  ProviderCallPart,
  ToolCallPart,
} from "../words/message.ts";
import type { FinishReason, ModelEvent, ModelFailure, Usage } from "../words/model.ts";
import { readCallInput, unrunnable } from "./call-input.ts";
import { fileAsItIs } from "./file-as-it-is.ts";
import { mergedUsage } from "./merged-usage.ts";

/** Names a part as the provider does: an index, or an item and an index. */
export type PartKey = number | string;

/** A file's bytes in base64, or its address, or where the provider keeps it. */
export type FileBytes =
  | { readonly data: string }
  | { readonly url: string }
  | (Required<Pick<FilePart, "stored">> & Pick<FilePart, "name">);

type Kind = "text" | "reasoning" | "refusal" | "tool-call" | "provider-call" | "file";

/** What is known of a call at the provider besides its id and name. */
export type ProviderCallFacts = Omit<Partial<ProviderCallPart>, "type" | "id" | "name">;

interface OpenPart {
  readonly index: number;
  readonly kind: Kind;
  readonly pieces: string[];
  readonly id: string;
  readonly name: string;
  readonly citations: Citation[];
  opaque: { [key: string]: Json };
  redacted?: true;
  facts?: ProviderCallFacts;
  part?: AssistantPart;
}

/** How a stream ended, as `model-stream` found it. */
export interface Ending {
  readonly reason: FinishReason;
  readonly raw?: string;
  readonly error?: ModelFailure;
}

/** The usage of a call that was turned down, or sent to nobody. */
const REFUSED: Usage = { input: 0, output: 0, cost: 0 };
/** The usage of an answer for which the provider sent no figures. */
const UNTOLD: Usage = { input: 0, output: 0, estimated: true };

/** Collects one assistant message. */
export class MessageDraft {
  readonly #parts: OpenPart[] = [];
  readonly #byKey = new Map<PartKey, OpenPart>();
  #events: ModelEvent[] = [];
  #end: Ending | undefined;
  #usage: Usage | undefined;
  readonly warnings: string[] = [];
  /** The model that answers, as the provider names it. */
  model: string | undefined;

  /** The end the provider marked or reported, if it did. */
  get end(): Ending | undefined {
    return this.#end;
  }

  text(key: PartKey, delta: string): void {
    this.#delta(key, "text", delta);
  }

  reasoning(key: PartKey, delta: string): void {
    this.#delta(key, "reasoning", delta);
  }

  refusal(key: PartKey, delta: string): void {
    this.#delta(key, "refusal", delta);
  }

  /** A tool call begins. */
  call(key: PartKey, id: string, name: string): void {
    const open = this.#open(key, "tool-call", id, name);
    this.#events.push({ type: "tool-input", index: open.index, id, name, delta: "" });
  }

  /** Adds a piece to the arguments of an open call. Does nothing for a call that did not begin. */
  input(key: PartKey, delta: string): void {
    const open = this.#byKey.get(key);
    if (open === undefined || open.kind !== "tool-call" || delta === "") return;
    open.pieces.push(delta);
    this.#events.push({ type: "tool-input", index: open.index, id: open.id, name: open.name, delta });
  }

  cite(key: PartKey, citation: Citation): void {
    this.#open(key, "text").citations.push(citation);
  }

  /** Keeps provider data with a part. */
  keep(key: PartKey, kind: Kind, opaque: Opaque): void {
    const open = this.#open(key, kind);
    open.opaque = { ...open.opaque, ...opaque };
  }

  /** The opaque provider data that this part has until now. */
  kept(key: PartKey): Opaque | undefined {
    return this.#byKey.get(key)?.opaque;
  }

  /** A whole file that the model made, with what the provider wants back with it. */
  file(key: PartKey, mediaType: string, bytes: FileBytes, opaque?: Opaque): void {
    const open = this.#open(key, "file");
    open.part = fileAsItIs({ type: "file", mediaType, ...bytes, ...(opaque && { opaque }) });
    this.#events.push({ type: "part", index: open.index, part: open.part });
  }

  /** A tool begins to run at the provider. */
  providerCall(key: PartKey, id: string, name: string): void {
    if (this.#byKey.has(key)) return;
    const { index } = this.#open(key, "provider-call", id, name);
    this.#events.push({ type: "provider-call", index, id, name });
  }

  /** Adds what is known of a call at the provider; its status comes with its end. */
  providerFacts(key: PartKey, facts: ProviderCallFacts): void {
    const open = this.#byKey.get(key);
    if (open?.kind === "provider-call") open.facts = { ...open.facts, ...facts };
  }

  /** Reasoning that the provider hides: only its opaque data comes. */
  redact(key: PartKey): void {
    this.#open(key, "reasoning").redacted = true;
  }

  /** The text that this part has until now. */
  collected(key: PartKey): string {
    return this.#byKey.get(key)?.pieces.join("") ?? "";
  }

  has(key: PartKey): boolean {
    return this.#byKey.has(key);
  }

  isClosed(key: PartKey): boolean {
    return this.#byKey.get(key)?.part !== undefined;
  }

  /** A part is complete. `whole` replaces what was collected, where the provider repeats it. */
  close(key: PartKey, whole?: string): void {
    const open = this.#byKey.get(key);
    if (open === undefined || open.part !== undefined) return;
    if (whole !== undefined) open.pieces.splice(0, open.pieces.length, whole);
    open.part = toPart(open);
    this.#events.push({ type: "part", index: open.index, part: open.part });
  }

  /** Figures may come more than once, and each time with less or more than before: none that was told is lost. */
  usage(usage: Usage): void {
    this.#usage = this.#usage === undefined ? usage : mergedUsage(this.#usage, usage);
  }

  /** Whether figures were told. */
  get hasUsage(): boolean {
    return this.#usage !== undefined;
  }

  /** Whether nothing of the message was told. */
  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** The provider marked the end of the message. */
  ended(reason: FinishReason, raw?: string): void {
    this.#end ??= { reason, ...(raw !== undefined && { raw }) };
  }

  /** The provider reported a failure inside the stream; nothing after it counts. */
  failed(error: ModelFailure, raw?: string): void {
    const reason = error.kind === "refused" ? "refusal" : "error";
    this.#end ??= { reason, error, ...(raw !== undefined && { raw }) };
  }

  /** The events since the last call. */
  drain(): readonly ModelEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Closes what is open and gives the events that end the stream. `isUnsent` says that no request reached the provider. */
  finish(origin: Origin, ending: Ending, isUnsent = false): readonly ModelEvent[] {
    const finish = this.#settle(ending);
    const runs = finish.reason === "tool-calls";
    for (const open of this.#parts) {
      if (open.part !== undefined) continue;
      const part = toPart(open);
      open.part = part.type === "tool-call" && !runs ? unrunnable(part) : part;
      this.#events.push({ type: "part", index: open.index, part: open.part });
    }
    const content = this.#parts.map((open) => open.part!);
    const message: AssistantMessage = {
      role: "assistant",
      content: runs ? content : content.map((part) => (part.type === "tool-call" ? unrunnable(part) : part)),
      origin,
      finish,
    };
    const usage = this.#usage ?? (isUnsent || this.#isRefused(ending) ? REFUSED : UNTOLD);
    const warnings = this.warnings.length > 0 ? { warnings: [...this.warnings] } : {};
    return [...this.drain(), { type: "finish", message, usage, ...warnings }];
  }

  /** Whether the server turned the request down instead of beginning an answer; no provider bills that. */
  #isRefused({ error }: Ending): boolean {
    return error?.status !== undefined && error.status >= 300 && this.#parts.length === 0;
  }

  /** The parts decide between `stop`, `tool-calls` and `refusal`: servers report `stop` beside calls. */
  #settle(ending: Ending): Ending {
    if (ending.reason !== "stop" && ending.reason !== "tool-calls") return ending;
    if (this.#parts.some((open) => open.kind === "tool-call")) return { ...ending, reason: "tool-calls" };
    if (this.#parts.some((open) => open.kind === "refusal")) return { ...ending, reason: "refusal" };
    return { ...ending, reason: "stop" };
  }

  #delta(key: PartKey, kind: "text" | "reasoning" | "refusal", delta: string): void {
    if (delta === "") return;
    const open = this.#open(key, kind);
    open.pieces.push(delta);
    if (kind !== "refusal") this.#events.push({ type: kind, index: open.index, delta });
  }

  #open(key: PartKey, kind: Kind, id = "", name = ""): OpenPart {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const open: OpenPart = {
      index: this.#parts.length,
      kind,
      pieces: [],
      id,
      name,
      citations: [],
      opaque: {},
    };
    this.#parts.push(open);
    this.#byKey.set(key, open);
    return open;
  }
}

function toPart(open: OpenPart): AssistantPart {
  const text = open.pieces.join("");
  const opaque = Object.keys(open.opaque).length > 0 ? { opaque: open.opaque } : {};
  switch (open.kind) {
    case "text": {
      const citations = open.citations.length > 0 ? { citations: open.citations } : {};
      return { type: "text", text, ...citations, ...opaque };
    }
    case "reasoning":
      return { type: "reasoning", text, ...(open.redacted && { redacted: true }), ...opaque };
    case "refusal":
      return { type: "refusal", text };
    case "tool-call":
      return toCall(open.id, open.name, text, opaque);
    case "provider-call":
      return {
        type: "provider-call",
        id: open.id,
        name: open.name,
        status: "running",
        ...open.facts,
        ...opaque,
      };
    case "file":
      // A file comes whole, so this is never asked; an empty one is the truth.
      return { type: "file", mediaType: "application/octet-stream", data: "" };
  }
}

function toCall(id: string, name: string, rawInput: string, opaque: { opaque?: Opaque }): ToolCallPart {
  return { type: "tool-call", id, name, rawInput, ...readCallInput(rawInput), ...opaque };
}

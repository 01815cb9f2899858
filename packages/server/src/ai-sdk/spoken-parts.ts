/** What states say, as parts of a message: the answer as text, what the states before it say as reasoning. */
import type { PublicEvent } from "../words/public-event.ts";
import type { UiChunk } from "./ui-chunk.ts";

interface OpenPart {
  readonly id: string;
  readonly kind: "text" | "reasoning";
  readonly path: string;
  text: string;
}

/** What the reader has of what was said. */
export interface KnownText {
  readonly path: string;
  readonly text: string;
}

/** Makes parts of the texts of one turn. `known` is the answer as far as the reader has it, piece by piece. */
export class SpokenParts {
  readonly #open = new Map<string, OpenPart>();
  #answer: KnownText[];
  /** The asides that were cut, and whose state has not ended. */
  readonly #cutAsides = new Set<string>();
  #count = 0;

  constructor(known: readonly KnownText[] = []) {
    this.#answer = [...known];
  }

  /** Gives the parts that an event adds to or ends. */
  take(event: PublicEvent): UiChunk[] {
    switch (event.type) {
      case "text.delta":
        return this.#say(event.path, event.answer ? "text" : "reasoning", event.text);
      case "text.cut":
        return this.#cut(event.path);
      case "state.completed":
        return this.#completed(event.path, event.said === true, event.output);
      case "state.failed":
        // What was said until a stop stays, as it does in a chat.
        return event.cancelled ? this.#end(event.path) : this.#cut(event.path);
      case "turn.completed":
        return [...this.close(), ...this.whole(event.text)];
      default:
        return [];
    }
  }

  /** Ends what is open. */
  close(): UiChunk[] {
    return [...this.#open.keys()].flatMap((path) => this.#end(path));
  }

  #say(path: string, kind: OpenPart["kind"], text: string): UiChunk[] {
    const [part, begun] = this.#partOf(path, kind);
    part.text += text;
    return [...begun, { type: `${kind}-delta`, id: part.id, delta: text }];
  }

  #partOf(path: string, kind: OpenPart["kind"]): readonly [OpenPart, UiChunk[]] {
    const open = this.#open.get(path);
    if (open !== undefined) return [open, []];
    const part: OpenPart = { id: `${path}:${++this.#count}`, kind, path, text: "" };
    this.#open.set(path, part);
    return [part, [{ type: `${kind}-start`, id: part.id, providerMetadata: { orch: { path } } }]];
  }

  #completed(path: string, said: boolean, output: unknown): UiChunk[] {
    const ended = said ? this.#end(path) : this.#open.has(path) ? this.#cut(path) : [];
    const wasCut = this.#cutAsides.delete(path);
    // Pieces are missing. The whole answer comes at the end of the turn, the whole aside stands in the output.
    if (said || !wasCut || typeof output !== "string") return ended;
    return [...ended, ...this.#say(path, "reasoning", output), ...this.#end(path)];
  }

  #end(path: string): UiChunk[] {
    const part = this.#open.get(path);
    if (part === undefined) return [];
    this.#open.delete(path);
    if (part.kind === "text") this.#answer.push({ path, text: part.text });
    return [{ type: `${part.kind}-end`, id: part.id }];
  }

  #cut(path: string): UiChunk[] {
    const part = this.#open.get(path);
    this.#open.delete(path);
    if (part?.kind === "reasoning") this.#cutAsides.add(path);
    const isKnown = this.#answer.some((known) => known.path === path);
    this.#answer = this.#answer.filter((known) => known.path !== path);
    const orch = { path, cut: true } as const;
    return [
      ...(part ? [{ type: `${part.kind}-end`, id: part.id, providerMetadata: { orch } } as const] : []),
      // A part that has ended cannot be marked any more.
      ...(isKnown ? [{ type: "data-cut", id: path, data: orch } as const] : []),
    ];
  }

  /** The answer, where it was not told in pieces. */
  whole(text: string | undefined): UiChunk[] {
    if (text === undefined || text === "") return [];
    if (this.#answer.map((known) => known.text).join("") === text) return [];
    const cuts = [...new Set(this.#answer.map(({ path }) => path))].flatMap((path) => this.#cut(path));
    return [...cuts, ...this.#say("", "text", text), ...this.#end("")];
  }
}

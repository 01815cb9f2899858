/** What states say, as messages: the answer as text of the assistant, what the states before it say as reasoning. */
import type { PublicEvent } from "../words/public-event.ts";
import type { AgUiEvent } from "./ag-ui-event.ts";

interface OpenMessage {
  readonly id: string;
  readonly kind: "text" | "reasoning";
  readonly path: string;
  text: string;
}

/** A message of the answer that the reader has. */
export interface AnswerText {
  readonly id: string;
  readonly path: string;
  readonly text: string;
}

/** Makes messages of the texts of one turn or run. `known` is the answer as far as the reader has it. */
export class SpokenMessages {
  readonly #prefix: string;
  readonly #open = new Map<string, OpenMessage>();
  #answer: AnswerText[];
  /** The asides that were cut, and whose state has not ended. */
  readonly #cutAsides = new Set<string>();

  /** `prefix` begins the ids of all its messages. */
  constructor(prefix: string, known: readonly AnswerText[] = []) {
    this.#prefix = prefix;
    this.#answer = [...known];
  }

  /** Gives what an event adds to messages, or ends. */
  take(event: PublicEvent): AgUiEvent[] {
    switch (event.type) {
      case "text.delta":
        return this.#say(event.path, event.answer ? "text" : "reasoning", event.text, event.id);
      case "text.cut":
        return this.#cut(event.path);
      case "state.completed":
        return this.#completed(event.path, event.said === true, event.output, event.id);
      case "state.failed":
        // What was said until a stop stays, as it does in a chat.
        return event.cancelled ? this.#end(event.path) : this.#cut(event.path);
      default:
        return [];
    }
  }

  /** Ends what is open. */
  close(): AgUiEvent[] {
    return [...this.#open.keys()].flatMap((path) => this.#end(path));
  }

  /** The answer, where it was not told in pieces. `id` is that of the event that gave it. */
  whole(text: string | undefined, id: string): AgUiEvent[] {
    if (text === undefined || text === "") return [];
    if (this.#answer.map((known) => known.text).join("") === text) return [];
    const cuts = [...new Set(this.#answer.map(({ path }) => path))].flatMap((path) => this.#cut(path));
    return [...cuts, ...this.#say("", "text", text, id), ...this.#end("")];
  }

  #say(path: string, kind: OpenMessage["kind"], text: string, event: string): AgUiEvent[] {
    if (text === "") return [];
    const [message, begun] = this.#messageOf(path, kind, event);
    message.text += text;
    const type = message.kind === "text" ? "TEXT_MESSAGE_CONTENT" : "REASONING_MESSAGE_CONTENT";
    return [...begun, { type, messageId: message.id, delta: text }];
  }

  #messageOf(
    path: string,
    kind: OpenMessage["kind"],
    event: string,
  ): readonly [OpenMessage, readonly AgUiEvent[]] {
    const open = this.#open.get(path);
    if (open !== undefined) return [open, []];
    const id = `${this.#prefix}${path}#${event}`;
    const message: OpenMessage = { id, kind, path, text: "" };
    this.#open.set(path, message);
    const told = { messageId: id, metadata: { orch: { path } } };
    if (kind === "text") return [message, [{ type: "TEXT_MESSAGE_START", role: "assistant", ...told }]];
    const start = { type: "REASONING_MESSAGE_START", role: "reasoning", ...told } as const;
    return [message, [{ type: "REASONING_START", messageId: id }, start]];
  }

  #completed(path: string, said: boolean, output: unknown, event: string): AgUiEvent[] {
    const ended = said ? this.#end(path) : this.#open.has(path) ? this.#cut(path) : [];
    const wasCut = this.#cutAsides.delete(path);
    // Pieces are missing. The whole answer comes at the end, the whole aside stands in the output.
    if (said || !wasCut || typeof output !== "string") return ended;
    return [...ended, ...this.#say(path, "reasoning", output, event), ...this.#end(path)];
  }

  #end(path: string): AgUiEvent[] {
    const message = this.#open.get(path);
    if (message === undefined) return [];
    this.#open.delete(path);
    const { id, kind, text } = message;
    if (kind === "text") this.#answer.push({ id, path, text });
    return endOf(message);
  }

  #cut(path: string): AgUiEvent[] {
    const message = this.#open.get(path);
    this.#open.delete(path);
    if (message?.kind === "reasoning") this.#cutAsides.add(path);
    const known = this.#answer.filter((text) => text.path === path);
    this.#answer = this.#answer.filter((text) => text.path !== path);
    return [
      ...(message === undefined ? [] : endOf(message, true)),
      // A message that has ended is opened once more, to be marked.
      ...known.flatMap(({ id: messageId }): AgUiEvent[] => [
        { type: "TEXT_MESSAGE_START", role: "assistant", messageId },
        { type: "TEXT_MESSAGE_END", messageId, metadata: { orch: { path, cut: true } } },
      ]),
    ];
  }
}

function endOf({ id: messageId, kind, path }: OpenMessage, cut = false): AgUiEvent[] {
  const told = { messageId, ...(cut && { metadata: { orch: { path, cut } as const } }) };
  if (kind === "text") return [{ type: "TEXT_MESSAGE_END", ...told }];
  return [
    { type: "REASONING_MESSAGE_END", ...told },
    { type: "REASONING_END", messageId },
  ];
}

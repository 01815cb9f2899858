/** One turn as one message of AI SDK UI: public events in, pieces of the message out. It is pure, and has a test of its own. */
import type { PublicEvent, PublicTurnCompleted, PublicUsage } from "../words/public-event.ts";
import { CallParts, type KnownQuestion } from "./call-parts.ts";
import { RailParts } from "./rail-parts.ts";
import type { RailState } from "./rail-state.ts";
import { type KnownText, SpokenParts } from "./spoken-parts.ts";
import type { UiChunk, UiStatus } from "./ui-chunk.ts";

/** What the reader has of the message already, because it was told up to a question. */
export interface KnownMessage {
  /** How far it was told; absent where nothing was. */
  readonly after?: string;
  readonly states: readonly RailState[];
  readonly texts: readonly KnownText[];
  readonly questions: readonly KnownQuestion[];
}

/** Nothing of the message is there. */
export const NOTHING_KNOWN: KnownMessage = { states: [], texts: [], questions: [] };

/** Makes the message of one turn. */
export class MessageTranslation {
  readonly #turn: string;
  readonly #rail: RailParts;
  readonly #spoken: SpokenParts;
  readonly #calls: CallParts;
  #after: string | undefined;
  #usage: PublicUsage | undefined;

  constructor(turn: string, known: KnownMessage = NOTHING_KNOWN) {
    this.#turn = turn;
    this.#rail = new RailParts(known.states);
    this.#spoken = new SpokenParts(known.texts);
    this.#calls = new CallParts(known.questions);
    this.#after = known.after;
  }

  /**
   * The first pieces. The message has the id of its turn, also when it goes on in another response; what comes then is a step of its
   * own, so that a client does not send the answers of the step before again.
   */
  start(): readonly UiChunk[] {
    const start = {
      type: "start",
      messageId: this.#turn,
      messageMetadata: this.#metadata("running"),
    } as const;
    return this.#after === undefined ? [start] : [start, { type: "start-step" }];
  }

  /** The pieces of one event. */
  take(event: PublicEvent): readonly UiChunk[] {
    this.#after = event.id;
    switch (event.type) {
      case "text.delta":
        return this.#rail.isFolded(event.path) ? [] : this.#spoken.take(event);
      case "turn.completed":
        return [...this.#spoken.take(event), ...this.#completed(event)];
      case "turn.failed":
        return [...this.#close("failed"), { type: "error", errorText: event.error.message }];
      case "turn.cancelled":
        return [
          ...this.#spoken.close(),
          { type: "abort", reason: event.reason },
          this.#finish("interrupted", "cancelled"),
        ];
      case "parked":
        return [...this.#spoken.close(), this.#finish("interrupted", "parked")];
      case "data":
        return [{ type: `data-channel-${event.channel}`, data: event.data, transient: true }];
      default:
        return [...this.#rail.take(event), ...this.#spoken.take(event), ...this.#calls.take(event)];
    }
  }

  /** Ends the message for now: nothing goes on until its questions are answered. */
  wait(): readonly UiChunk[] {
    return [...this.#spoken.close(), ...this.#calls.wait(), this.#finish("tool-calls", "waiting")];
  }

  /** Ends the message because reading it failed. */
  fail(errorText: string): readonly UiChunk[] {
    return [...this.#close("failed"), { type: "error", errorText }];
  }

  #completed({ value, usage }: PublicTurnCompleted): UiChunk[] {
    this.#usage = usage;
    const result = value === undefined ? [] : [{ type: "data-result", id: "result", data: value } as const];
    return [...result, this.#finish("stop", "completed")];
  }

  #close(status: "failed"): UiChunk[] {
    return [...this.#spoken.close(), { type: "message-metadata", messageMetadata: this.#metadata(status) }];
  }

  #finish(
    finishReason: "stop" | "tool-calls" | "interrupted",
    status: NonNullable<UiStatus["status"]>,
  ): UiChunk {
    return { type: "finish", finishReason, messageMetadata: this.#metadata(status) };
  }

  #metadata(status: NonNullable<UiStatus["status"]>): UiStatus {
    return {
      turn: this.#turn,
      status,
      ...(this.#after !== undefined && { after: this.#after }),
      ...(this.#usage !== undefined && { usage: this.#usage }),
    };
  }
}

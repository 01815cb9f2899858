/** One turn or run as one message of AI SDK UI: public events in, pieces of the message out. It is pure, and has a test of its own. */
import type { Json } from "@orch/core";
import type { Narration } from "../reply/narration.ts";
import { RailChanges } from "../reply/rail-changes.ts";
import type { RailState } from "../reply/rail-state.ts";
import type { PublicEvent, PublicUsage } from "../words/public-event.ts";
import { CallParts, type KnownQuestion } from "./call-parts.ts";
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
  readonly #narration: Pick<Narration, "id" | "kind">;
  readonly #rail: RailChanges;
  readonly #spoken: SpokenParts;
  readonly #calls: CallParts;
  #after: string | undefined;
  #usage: PublicUsage | undefined;
  /** The state whose output was told last. */
  #told: { readonly path: string; readonly output?: Json } | undefined;

  constructor(narration: Pick<Narration, "id" | "kind">, known: KnownMessage = NOTHING_KNOWN) {
    this.#narration = narration;
    this.#rail = new RailChanges(known.states);
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
      messageId: this.#narration.id,
      messageMetadata: this.#metadata("running"),
    } as const;
    return this.#after === undefined ? [start] : [start, { type: "start-step" }];
  }

  /** The pieces of one event. */
  take(event: PublicEvent): readonly UiChunk[] {
    this.#after = event.id;
    if (event.type === "text.delta" && this.#rail.isFolded(event.path)) return [];
    if (event.type === "data")
      return [{ type: `data-channel-${event.channel}`, data: event.data, transient: true }];
    if (event.type === "parked") return [...this.#spoken.close(), this.#finish("interrupted", "parked")];
    if (event.type === "state.completed" && event.output !== undefined) this.#told = event;
    const rail = this.#rail.take(event).map((data) => ({ type: "data-state", id: data.path, data }) as const);
    const parts = [...rail, ...this.#spoken.take(event), ...this.#calls.take(event)];
    return [...parts, ...(this.#narration.kind === "turn" ? this.#turnEnd(event) : this.#runEnd(event))];
  }

  #turnEnd(event: PublicEvent): readonly UiChunk[] {
    switch (event.type) {
      case "turn.completed":
        this.#usage = event.usage;
        return this.#completed(event.value);
      case "turn.failed":
        return this.fail(event.error.message);
      case "turn.cancelled":
        return this.#cancelled(event.reason);
      default:
        return [];
    }
  }

  #runEnd(event: PublicEvent): readonly UiChunk[] {
    switch (event.type) {
      case "run.completed": {
        // What was said in pieces needs no output; what was told before is named by its state.
        const output = event.output ?? (event.of === this.#told?.path ? this.#told?.output : undefined);
        if (typeof output !== "string") return [...this.#spoken.close(), ...this.#completed(output)];
        return [...this.#spoken.close(), ...this.#spoken.whole(output), ...this.#completed(undefined)];
      }
      case "run.failed":
        return this.fail(event.error.message);
      case "run.cancelled":
        return this.#cancelled(event.reason);
      default:
        return [];
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

  #completed(value: Json | undefined): UiChunk[] {
    const result = value === undefined ? [] : [{ type: "data-result", id: "result", data: value } as const];
    return [...result, this.#finish("stop", "completed")];
  }

  #cancelled(reason: string): UiChunk[] {
    return [...this.#spoken.close(), { type: "abort", reason }, this.#finish("interrupted", "cancelled")];
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
      turn: this.#narration.id,
      status,
      ...(this.#after !== undefined && { after: this.#after }),
      ...(this.#usage !== undefined && { usage: this.#usage }),
    };
  }
}

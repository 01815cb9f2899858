import type { Clock } from "@orch/core";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import type { CallPiece } from "./call-piece.ts";

/** Reads what a call tells, first for a short time, then to its end. Nothing is lost between the two. */
export class CallReading {
  readonly #pieces: AsyncGenerator<CallPiece, void, undefined>;
  readonly #clock: Clock;
  readonly #early: CallPiece[] = [];
  #next: Promise<IteratorResult<CallPiece, void>> | undefined;

  constructor(pieces: AsyncGenerator<CallPiece, void, undefined>, clock: Clock) {
    this.#pieces = pieces;
    this.#clock = clock;
  }

  /** The end, if it comes within so many milliseconds. */
  async within(ms: number): Promise<ReplyEnd | undefined> {
    const late = Promise.withResolvers<"late">();
    const stop = this.#clock.after(ms, () => late.resolve("late"));
    try {
      for (;;) {
        this.#next ??= this.#pieces.next();
        const next = await Promise.race([this.#next, late.promise]);
        if (next === "late") return undefined;
        this.#next = undefined;
        if (next.done === true) return undefined;
        if (next.value.type === "end") return next.value;
        this.#early.push(next.value);
      }
    } finally {
      stop();
    }
  }

  /** All pieces, those that were read before too. */
  async *rest(): AsyncGenerator<CallPiece, void, undefined> {
    yield* this.#early;
    for (;;) {
      const next = await (this.#next ?? this.#pieces.next());
      this.#next = undefined;
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** The end, however long it takes. */
  async end(): Promise<ReplyEnd> {
    for await (const piece of this.rest()) if (piece.type === "end") return piece;
    return { type: "end", status: "parked", number: 0, questions: [] };
  }
}

import type { Clock } from "@orch/core";
import type { ReplyEnd, ReplyPiece } from "../reply/reply-piece.ts";

type Piece = ReplyPiece | ReplyEnd;

/** Reads what a call tells, first for a short time, then to its end. Nothing is lost between the two. */
export class CallReading {
  readonly #pieces: AsyncGenerator<Piece, void, undefined>;
  readonly #clock: Clock;
  readonly #early: Piece[] = [];
  #next: Promise<IteratorResult<Piece, void>> | undefined;

  constructor(pieces: AsyncGenerator<Piece, void, undefined>, clock: Clock) {
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
  async *rest(): AsyncGenerator<Piece, void, undefined> {
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

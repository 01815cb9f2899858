/**
 * Reads the records of a journal one after another: what was decided with each, what else it left, and
 * what it carries. What most records look like is read without making more of it than is used.
 */

import { JournalDamagedError } from "../errors/journal-damaged-error.ts";
import type { Decision, Decisions, Mark, MarkKey, MetDecision } from "../kernel/decisions.ts";
import type { JournalRecord, JournalRecordType } from "../words/journal-record.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";
import { readValue } from "./long-text.ts";
import type { PartHole } from "./part-place.ts";
import type { PartReader } from "./part-reader.ts";
import {
  decisionFromJson,
  detailsOf,
  eventBehind,
  NO_DETAILS,
  type RecordDetails,
  soleMove,
} from "./record-codec.ts";
import { asRevived } from "./revive.ts";
import { cloneOf } from "./same-json.ts";
import { Undecoded } from "./undecoded.ts";

/** Record types whose value comes from the engine. The codec of the user does not read them. */
export const PLAIN: ReadonlySet<string> = new Set([
  ...["failed", "stopped", "cancelled", "done", "retried", "migrated"],
  ...["spent", "retrying", "waiting", "rested", "missed", "held"],
]);

/** How records are read. */
export interface ReaderOptions {
  readonly runId: string;
  readonly codec: Codec;
  /** Where the parts of records are; absent where none has any. */
  readonly parts?: PartReader | undefined;
  /** Whether values share their parts, because nobody changes them. */
  readonly shares?: boolean | undefined;
  /** Hears what is decided at a record without decisions: that of a retry which is still to be written. */
  readonly noted?: ((decision: Decision) => void) | undefined;
  /** The number of that record. */
  readonly deciding?: number | undefined;
}

/** Reads the records of one run. What cannot be read is a JournalDamagedError with its number. */
export class RecordReader {
  readonly #options: ReaderOptions;
  #decided: readonly Decision[] = [];
  /** How many of them were recalled. */
  #recalled = 0;
  #heard = 0;
  /** Whether the record is still to be written, so that conditions are asked. */
  #isDeciding = false;
  #parts: readonly PartHole[] | undefined;

  /** Recalls what was decided. */
  readonly decisions: Decisions = {
    recall: () => this.recall(),
    recallMark: (key) => this.recallMark(key),
    recallMet: (path) => this.recallMet(path),
    // What was recorded could be kept.
    admit: (decision) => decision,
    note: (decision) => {
      if (this.#decided.length === 0) this.#options.noted?.(decision);
    },
    kept: asRevived,
  };

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** What was decided with the record that was read last. */
  get decided(): readonly Decision[] {
    return this.#decided;
  }

  /** Whether more was decided than was recalled. */
  get isLeft(): boolean {
    return this.#recalled < this.#decided.length;
  }

  /** The number of the last event that a listener heard, where the record that was read last says it; 0 where it does not. */
  get heard(): number {
    return this.#heard;
  }

  /** The next decision; `undefined` when there is no other. */
  recall(): Decision | undefined {
    return this.isLeft ? this.#decided[this.#recalled++] : undefined;
  }

  /** The next decision, if it has this key. What was recorded without it went on. */
  recallMark(key: MarkKey): Mark | "on" {
    const next = this.#decided[this.#recalled];
    if (typeof next !== "object" || !(key in next)) return "on";
    this.#recalled += 1;
    return { error: (next as { readonly [TKey in MarkKey]: Error | null })[key] };
  }

  /** The next decision, if it says that the condition of this wait held. What was recorded without it did not hold. */
  recallMet(path: string): MetDecision | "on" | undefined {
    if (this.#isDeciding) return undefined;
    const next = this.#decided[this.#recalled];
    if (typeof next !== "object" || !("met" in next) || next.met !== path) return "on";
    this.#recalled += 1;
    return next;
  }

  /** Goes on to a record: reads all but its value. */
  details(number: number, { more }: JournalRecord): RecordDetails {
    const { codec } = this.#options;
    this.#recalled = 0;
    this.#isDeciding = number === this.#options.deciding;
    this.#parts = undefined;
    const move = more === undefined ? undefined : soleMove(more);
    if (move !== undefined) {
      this.#decided = [move];
      this.#heard = eventBehind(more!);
      return NO_DETAILS;
    }
    try {
      const details = detailsOf(more);
      this.#parts = details.p;
      this.#decided = this.#decisions(details).map((decision) => decisionFromJson(decision, codec));
      this.#heard = details.e ?? 0;
      return details;
    } catch (error) {
      throw this.#damaged(number, error);
    }
  }

  /** What a record carries. */
  value(
    number: number,
    type: JournalRecordType,
    text: string | undefined,
    parts: readonly PartHole[] | undefined = this.#parts,
  ): unknown {
    try {
      const read = text === undefined ? undefined : readValue(text);
      const json =
        parts === undefined || parts.length === 0 ? read : this.#own(this.#options.parts!.value(read, parts));
      return PLAIN.has(type) ? json : this.#options.codec.decode(json);
    } catch (error) {
      throw this.#damaged(number, error);
    }
  }

  /** A value that may have been left as text. */
  reveal(value: unknown): unknown {
    return value instanceof Undecoded
      ? this.value(value.record, "committed", value.text, value.parts ?? [])
      : value;
  }

  /** A value of a record as text, with what is missing in it. */
  undecoded(text: string, number: number): Undecoded {
    return new Undecoded(text, number, this.#parts);
  }

  #decisions(details: RecordDetails): readonly Json[] {
    if (details.p === undefined) return details.d ?? [];
    return this.#options.parts!.decisions(details).map((one) => this.#own(one)!);
  }

  #own(json: Json | undefined): Json | undefined {
    return this.#options.shares === true || json === undefined ? json : cloneOf(json);
  }

  #damaged(record: number, error: unknown): JournalDamagedError {
    const reason = error instanceof Error ? error.message : String(error);
    return new JournalDamagedError({ runId: this.#options.runId, record, reason });
  }
}

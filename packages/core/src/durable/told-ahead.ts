/** How many events may be told ahead of their records, before the number has to be kept again. */
const AHEAD = 10_000;

/**
 * Up to which number events may be told. At level `end` they are told before their records are on disk, and a process
 * that is killed loses the records. So the number up to which it may tell is on disk before, and no number is told twice.
 */
export class ToldAhead {
  readonly #isOn: boolean;
  #limit: number;
  /** The limit that is on its way to the disk. */
  #next: number;

  /** `told`: the number of the last event of the run, before it is driven here. */
  constructor(isOn: boolean, told: number) {
    this.#isOn = isOn;
    this.#limit = isOn ? told : Number.POSITIVE_INFINITY;
    this.#next = told;
  }

  /** The number of the last event that may be told. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether a limit is kept, so that it has to be taken back when the run is suspended. */
  get isKept(): boolean {
    return this.#isOn && this.#next > 0;
  }

  /** The limit that the next record has to carry; `undefined` when the one before is far enough. */
  reserve(seq: number): number | undefined {
    if (!this.#isOn || seq + AHEAD / 2 <= this.#next) return undefined;
    this.#next = seq + AHEAD;
    return this.#next;
  }

  /** Gives what is to be called when a record is on disk that was written after event `seq`. */
  written(seq: number): () => void {
    const limit = Math.max(seq, this.#next);
    return () => {
      if (this.#isOn) this.#limit = Math.max(this.#limit, limit);
    };
  }

  /** Takes the limit back. */
  close(seq: number): void {
    if (!this.#isOn) return;
    this.#limit = seq;
    this.#next = 0;
  }
}

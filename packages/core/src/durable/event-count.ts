/** Counts the events of a run that nobody heard, without making them. */
import { Recorder } from "../kernel/recorder.ts";

/** A recorder with a number and no events. It hears what a fold tells again; what is told live only is not for it. */
export class EventCount extends Recorder {
  #count = 0;

  constructor() {
    super("", { now: () => 0, after: () => () => {} }, () => {});
  }

  override get seq(): number {
    return this.#count;
  }

  override started(): void {
    this.#count += 1;
  }

  override ended(): void {
    this.#count += 1;
  }

  override moved(): void {
    this.#count += 1;
  }

  override skipped(): void {
    this.#count += 1;
  }

  override asked(): void {
    this.#count += 1;
  }

  override answered(): void {
    this.#count += 1;
  }
}

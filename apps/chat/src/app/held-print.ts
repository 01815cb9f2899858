import type { Entry } from "../transcript/entry.ts";

/** Prints, or holds back what is printed until it is wanted: a run in the background must not write into another answer. */
export class HeldPrint {
  readonly #print: (entry: Entry) => void;
  #held: Entry[] | undefined;

  constructor(print: (entry: Entry) => void) {
    this.#print = print;
  }

  readonly print = (entry: Entry): void => {
    if (this.#held === undefined) this.#print(entry);
    else this.#held.push(entry);
  };

  /** Holds back from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** Prints from now on, and gives what was held back. */
  release(): readonly Entry[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }
}

/** What states said in pieces, so that no text is told twice and none that was cut is taken for whole. */

/** The most that is remembered of one text, in characters; of a longer one its end. */
const LONGEST = 1_000_000;

interface Spoken {
  text: string;
  /** A piece is missing: what was told is not the whole text. */
  torn: boolean;
}

/** The texts of the states that are open. */
export class SpokenText {
  readonly #open = new Map<string, Spoken>();

  say(path: string, text: string): void {
    const spoken = this.#open.get(path);
    if (spoken === undefined) this.#open.set(path, { text, torn: false });
    else spoken.text = (spoken.text + text).slice(-LONGEST);
  }

  /** Pieces were lost, of whichever state. */
  tear(): void {
    for (const spoken of this.#open.values()) spoken.torn = true;
  }

  /** Forgets what a state said; gives whether it said anything. */
  cut(path: string): boolean {
    return this.#open.delete(path);
  }

  /** A state gave a text. `said`: its pieces end with it. `torn`: they are parts of it, and have to go. */
  complete(path: string, output: string | undefined): "said" | "torn" | "other" {
    const spoken = this.#open.get(path);
    this.#open.delete(path);
    if (spoken === undefined || output === undefined || output === "") return "other";
    if (!spoken.torn && spoken.text.endsWith(output)) return "said";
    return spoken.torn ? "torn" : "other";
  }

  /** All that was said and has not ended, put together. */
  whole(): string {
    return [...this.#open.values()].map(({ text }) => text).join("");
  }

  get torn(): boolean {
    return [...this.#open.values()].some(({ torn }) => torn);
  }
}

/** The keys that answer the question of trust, cut out of what a terminal sends; any split of a sequence reads the same. */

/** What a key means here. */
export type TrustKey = "yes" | "no" | "view" | "interrupt" | "end" | "suspend";

/** How long a key must come after the question, and after any other key, in milliseconds. */
export const STRAY = 300;

/** How long after an Esc the rest of a key may come, in milliseconds; after that it was Esc itself. */
export const ESC_WAIT = 50;

const ANSWERS: { readonly [key: string]: TrustKey } = { y: "yes", n: "no", v: "view" };
/** These count at any time: they grant nothing. */
const CONTROLS: { readonly [key: string]: TrustKey } = {
  "\u0003": "interrupt",
  "\u0004": "end",
  "\u001a": "suspend",
};
const FINAL = /[@-~]/;

/**
 * Reads keys. A key that follows the question or another key too closely was typed for something else, so somebody who
 * types on without looking trusts nothing; nor does a paste, or a letter within an escape sequence.
 */
export class TrustKeys {
  #mode: "text" | "escape" | "sequence" | "single" | "string" | "paste" = "text";
  #sequence = "";
  #quietSince: number;
  /** Since when an Esc waits for the rest of its key, and whether it counts as an answer. */
  #escape: { readonly at: number; readonly counts: boolean } | undefined;

  /** `now`: when the question appeared, in milliseconds. */
  constructor(now: number) {
    this.#quietSince = now;
  }

  /** From when on an answer counts. */
  get ready(): number {
    return this.#quietSince + STRAY;
  }

  /** The meaning of the first key in `text` that has one; what follows it in the same chunk is dropped. */
  take(text: string, now: number): TrustKey | undefined {
    const alone = this.alone(now);
    if (alone !== undefined) return alone;
    for (const character of text) {
      const key = this.#press(character, now);
      if (key !== undefined) return key;
    }
    return undefined;
  }

  /** Whether what came last was an Esc that may be the beginning of a key. */
  get isOpen(): boolean {
    return this.#mode === "escape";
  }

  /** The meaning of an Esc that nothing followed by now. */
  alone(now: number): TrustKey | undefined {
    const pressed = this.#escape;
    if (!this.isOpen || pressed === undefined || now - pressed.at < ESC_WAIT) return undefined;
    this.#mode = "text";
    this.#escape = undefined;
    return pressed.counts ? "no" : undefined;
  }

  /** The question is asked again. */
  again(now: number): void {
    this.#quietSince = now;
  }

  #press(character: string, now: number): TrustKey | undefined {
    switch (this.#mode) {
      case "text":
        return this.#key(character, now);
      case "escape":
        this.#mode = AFTER_ESCAPE[character] ?? "text";
        this.#sequence = "";
        return undefined;
      case "single":
        this.#mode = "text";
        return undefined;
      case "sequence":
        this.#sequence += character;
        if (FINAL.test(character)) this.#mode = this.#sequence === "200~" ? "paste" : "text";
        return undefined;
      case "string":
        if (character === "\u0007") this.#mode = "text";
        if (character === "\u001b") this.#mode = "escape";
        return undefined;
      case "paste":
        this.#sequence = (this.#sequence + character).slice(-6);
        if (this.#sequence === "\u001b[201~") this.#mode = "text";
        this.#quietSince = now;
        return undefined;
    }
  }

  #key(character: string, now: number): TrustKey | undefined {
    if (character === "\u001b") {
      this.#mode = "escape";
      this.#escape = { at: now, counts: now >= this.ready };
      this.#quietSince = now;
      return undefined;
    }
    const control = CONTROLS[character];
    if (control !== undefined) return control;
    const answer = now >= this.ready ? ANSWERS[character.toLowerCase()] : undefined;
    this.#quietSince = now;
    return answer;
  }
}

const AFTER_ESCAPE: { readonly [character: string]: "sequence" | "single" | "string" | "escape" } = {
  "[": "sequence",
  O: "single",
  "]": "string",
  P: "string",
  _: "string",
  "^": "string",
  "\u001b": "escape",
};

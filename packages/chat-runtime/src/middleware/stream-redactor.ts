/** Redacts text that comes in pieces, also where a secret is cut by the border of two pieces. */

/** What is looked for. */
export interface RedactionRule {
  readonly patterns: readonly RegExp[];
  readonly replace: (match: string) => string;
  /** How many characters of a secret may have to be seen before its pattern matches. */
  readonly longest: number;
}

interface Match {
  readonly start: number;
  readonly end: number;
}

/** How much of the text before stays visible to lookbehinds and word borders. */
const BEFORE = 64;

/** Takes pieces and gives what of them is certain. */
export class StreamRedactor {
  readonly #plan: RedactionRule;
  #before = "";
  #held = "";

  constructor(plan: RedactionRule) {
    this.#plan = plan;
  }

  /** Takes a piece; gives the text that no later piece can change. */
  push(piece: string): string {
    this.#held += piece;
    return this.#take(this.#held.length - this.#plan.longest, false);
  }

  /** Gives the rest. */
  end(): string {
    return this.#take(this.#held.length, true);
  }

  #take(until: number, ended: boolean): string {
    let at = 0;
    let given = "";
    let cut = Math.max(0, until);
    for (let match = this.#next(at); match !== undefined && match.start < cut; match = this.#next(at)) {
      // It may go on in the next piece.
      if (!ended && match.end === this.#held.length) {
        cut = match.start;
        break;
      }
      const secret = this.#held.slice(match.start, match.end);
      given += this.#held.slice(at, match.start) + this.#plan.replace(secret);
      at = match.end;
      cut = Math.max(cut, at);
    }
    given += this.#held.slice(at, cut);
    this.#before = (this.#before + this.#held.slice(0, cut)).slice(-BEFORE);
    this.#held = this.#held.slice(cut);
    return given;
  }

  /** The first match at or after a position; of two at one place the one whose pattern is named first. */
  #next(from: number): Match | undefined {
    const text = this.#before + this.#held;
    const shift = this.#before.length;
    let first: Match | undefined;
    for (const pattern of this.#plan.patterns) {
      pattern.lastIndex = shift + from;
      let found = pattern.exec(text);
      while (found !== null && found[0] === "") {
        pattern.lastIndex = found.index + 1;
        found = pattern.exec(text);
      }
      if (found === null) continue;
      const start = found.index - shift;
      if (first === undefined || start < first.start) first = { start, end: start + found[0].length };
    }
    return first;
  }
}

/** Redacts a whole text. */
export function redactText(text: string, plan: RedactionRule): string {
  const redactor = new StreamRedactor(plan);
  return redactor.push(text) + redactor.end();
}

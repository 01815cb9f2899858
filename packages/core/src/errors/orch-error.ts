/**
 * One shape for every error of ours: a stable code, facts as plain data, a sentence that says what
 * happened and one that says the way out. Two copies of the package recognise each other's errors,
 * because the mark is a registered symbol and not a class.
 */
import { fieldOf } from "../platform/field-of.ts";
import { retryWordsOf } from "../words/retry.ts";
import type { OrchErrorFacts } from "./error-facts.ts";

const MARK = Symbol.for("orch.error");

/** A full address, because an installed package has no docs folder beside it. */
const ERRORS_PAGE = "https://github.com/orch-ts/orch/blob/main/docs/errors.md";

/** What an error tells its reader. */
export interface ErrorText {
  /** What happened, as a sentence. */
  readonly says: string;
  /** The way out, as a sentence in the imperative. */
  readonly fix: string;
}

/** The facts of the errors of one code; of a code that no package has registered, only that they are an object. */
export type FactsOf<TCode extends string> = TCode extends keyof OrchErrorFacts
  ? OrchErrorFacts[TCode]
  : object;

/** The base of all errors that Orch throws. Narrow with {@link isOrchError}, not with `instanceof`. */
export class OrchError<
  TCode extends string = string,
  TFacts extends FactsOf<TCode> = FactsOf<TCode>,
> extends Error {
  /** Stable and documented in `docs/errors.md`. */
  readonly code: TCode;
  /** The data the sentence was made of. */
  readonly facts: TFacts;
  /** What happened, without the way out. Not enumerable, because the message begins with it. */
  declare readonly says: string;
  /** The way out. */
  readonly fix: string;

  constructor(code: TCode, facts: TFacts, text: ErrorText, options?: ErrorOptions) {
    super(messageFrom(code, text), options);
    Object.defineProperty(this, "says", { value: text.says, configurable: true });
    // Not by an assignment, which fails when the prototypes are frozen.
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
    this.code = code;
    this.facts = facts;
    this.fix = text.fix;
    // What an error says about another attempt survives every border that wraps it.
    if (options?.cause !== undefined) Object.assign(this, retryWordsOf(options.cause));
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Plain data for logs: no stack, no cause, and the facts as they are. */
  toJSON(): { name: string; code: TCode; message: string; facts: TFacts } {
    return { name: this.name, code: this.code, message: this.message, facts: this.facts };
  }
}

/** The sentence of a `FatalError` is its author's, and goes to whoever the author shows it to: no advice is mixed with it. */
function messageFrom(code: string, { says, fix }: ErrorText): string {
  if (code === "ORCH_FATAL") return says;
  return `${folded(says)}\n  Fix: ${fix}\n  More: ${ERRORS_PAGE}#${code.toLowerCase()}`;
}

/** The longest first line of a message: two rows of a terminal. */
const LONGEST_LINE = 160;

/** A sentence whose first line is short: a long one goes on in the next line, from the end of a phrase on. */
function folded(says: string): string {
  const end = says.indexOf("\n");
  if ((end === -1 ? says.length : end) <= LONGEST_LINE) return says;
  const line = says.slice(0, LONGEST_LINE);
  const phrase = Math.max(...[". ", ": ", "; "].map((mark) => line.lastIndexOf(mark) + 1));
  const place = phrase > LONGEST_LINE / 3 ? phrase : line.lastIndexOf(" ");
  return place <= 0
    ? `${line}\n    ${says.slice(LONGEST_LINE)}`
    : `${says.slice(0, place)}\n    ${says.slice(place + 1)}`;
}

/**
 * Tells whether `error` is one of ours, and of the given code if one is given. A code narrows the facts too.
 *
 * @example
 * ```ts
 * if (isOrchError(error, "ORCH_NO_ADVANCE")) console.log(error.facts.runnable);
 * ```
 */
export function isOrchError(error: unknown): error is OrchError;
export function isOrchError<TCode extends keyof OrchErrorFacts>(
  error: unknown,
  code: TCode,
): error is OrchError<TCode>;
export function isOrchError(error: unknown, code?: string): boolean {
  return fieldOf(error, MARK) === true && (code === undefined || fieldOf(error, "code") === code);
}

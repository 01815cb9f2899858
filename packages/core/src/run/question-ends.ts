import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { type Closed, QuestionClosedError } from "../errors/question-closed-error.ts";
import { UnknownQuestionError } from "../errors/unknown-question-error.ts";

/** How the questions of a run ended: each was answered, or closed by something else. The first end counts. */
export class QuestionEnds {
  readonly #ends = new Map<string, Closed | "answered">();

  answered(id: string): void {
    this.#ends.set(id, "answered");
  }

  closed(id: string, how: Closed): void {
    if (!this.#ends.has(id)) this.#ends.set(id, how);
  }

  /** A question is asked again, as after a retry of the run. */
  reopened(id: string): void {
    this.#ends.delete(id);
  }

  isAnswered(id: string): boolean {
    return this.#ends.get(id) === "answered";
  }

  isKnown(id: string): boolean {
    return this.#ends.has(id);
  }

  /** Every question that ended, and how. */
  all(): Iterable<readonly [id: string, end: Closed | "answered"]> {
    return this.#ends;
  }

  /** Takes over what was kept. */
  restore(ends: Iterable<readonly [id: string, end: Closed | "answered"]>): void {
    for (const [id, end] of ends) this.#ends.set(id, end);
  }

  /** Takes over what is known of the time before. */
  add(earlier: QuestionEnds): void {
    this.restore(earlier.#ends);
  }

  /** Why an answer to a question that is not open changes nothing. `open`: the ids of those that are. */
  refusal(runId: string, question: string, open: readonly string[]): Error {
    const end = this.#ends.get(question);
    if (end === "answered") return new AlreadyAnsweredError({ runId, question });
    if (end !== undefined) return new QuestionClosedError({ runId, question, ...end });
    return new UnknownQuestionError({ runId, question, open });
  }
}

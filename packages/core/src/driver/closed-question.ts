import type { Closed } from "../errors/question-closed-error.ts";

/** What an answer hears to a question that something else closed. */
export interface ClosedQuestion extends Closed {
  readonly kind: "closed";
}

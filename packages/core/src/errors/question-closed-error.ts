import { OrchError } from "./orch-error.ts";

/**
 * What closed a question before an answer came: its own timeout, a race that another branch won, a deadline or a budget
 * around it, a failure beside it, the cancellation of the run, or the end of the state that asked.
 */
export type ClosedBy = "timeout" | "race" | "deadline" | "budget" | "failure" | "cancelled" | "ended";

/** How a question was closed. */
export interface Closed {
  readonly by: ClosedBy;
  /** For a reader. */
  readonly reason: string;
}

/** Which question was closed, and how. */
export interface QuestionClosedFacts extends Closed {
  readonly runId: string;
  readonly question: string;
}

const HOW: { readonly [TBy in ClosedBy]: string } = {
  timeout: "its time was over",
  race: "another branch won the race",
  deadline: "a deadline around it was over",
  budget: "a budget around it was spent",
  failure: "something beside it failed",
  cancelled: "its run was cancelled",
  ended: "the state that asked has ended",
};

/** An answer came for a question that something else had closed. The answer changed nothing. */
export class QuestionClosedError extends OrchError<"ORCH_QUESTION_CLOSED", QuestionClosedFacts> {
  constructor(facts: QuestionClosedFacts) {
    super("ORCH_QUESTION_CLOSED", facts, {
      says: `The question "${facts.question}" of the run "${facts.runId}" was closed before the answer came, because ${HOW[facts.by]}: ${facts.reason}`,
      fix: "Tell the person who answered. The answer changed nothing; if the question has to wait longer, give it a longer timeout.",
    });
  }
}

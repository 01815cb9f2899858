import { OrchError } from "@orch/core";

/** An answer came to a turn in which nothing asks. */
export class TurnQuestionError extends OrchError<"ORCH_TURN_QUESTION"> {
  constructor(facts: { readonly turnId: string | undefined; readonly question: string }) {
    super("ORCH_TURN_QUESTION", facts, {
      says: `There was an answer to "${facts.question}", but ${facts.turnId === undefined ? "no turn is on its way" : "this turn asks no question"}.`,
      fix: "Answer while the turn runs, with the id from its event question.asked.",
    });
  }
}

import { OrchError } from "@orch/core";

/** A turn asked a question that no listener heard. */
export class TurnUnansweredError extends OrchError<"ORCH_TURN_UNANSWERED"> {
  constructor(facts: { readonly turnId: string; readonly question: string; readonly prompt: unknown }) {
    const asked = typeof facts.prompt === "string" ? facts.prompt : JSON.stringify(facts.prompt);
    super("ORCH_TURN_UNANSWERED", facts, {
      says: `The turn asks "${asked}", and nobody listens for its questions.`,
      fix: 'Answer them: runtime.on("question.asked", (event) => runtime.answer(event.question, true)), or read the turn that `send` gives. An agent\'s approvals may also go to `onApproval`.',
    });
  }
}

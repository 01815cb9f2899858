import { OrchError } from "@orch/core";

/** A prompt in a sentence: an object that puts its question in words is asked in those. */
function asked(prompt: unknown): string {
  const words: unknown =
    typeof prompt === "object" && prompt !== null && "question" in prompt ? prompt.question : prompt;
  return typeof words === "string" ? words : JSON.stringify(prompt);
}

/** A turn asked a question that no listener heard. */
export class TurnUnansweredError extends OrchError<"ORCH_TURN_UNANSWERED"> {
  constructor(facts: { readonly turnId: string; readonly question: string; readonly prompt: unknown }) {
    super("ORCH_TURN_UNANSWERED", facts, {
      says: `The turn asks "${asked(facts.prompt)}", and nobody listens for its questions.`,
      fix: 'Answer them: runtime.on("question.asked", (event) => runtime.answer(event.question, true)), or read the turn that `send` gives. An agent\'s approvals may also go to `onApproval`.',
    });
  }
}

import { OrchError } from "./orch-error.ts";

/** An answer came for a question that has one. The first counts. */
export class AlreadyAnsweredError extends OrchError<"ORCH_ALREADY_ANSWERED"> {
  constructor(facts: { readonly runId: string; readonly question: string }) {
    super("ORCH_ALREADY_ANSWERED", facts, {
      says: `The question "${facts.question}" of the run "${facts.runId}" has been answered already.`,
      fix: "Nothing to mend: the first answer counts, and this one changed nothing.",
    });
  }
}

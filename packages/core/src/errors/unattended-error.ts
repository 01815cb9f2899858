import { OrchError } from "./orch-error.ts";

/** A question was asked in a run whose caller has no handle to answer it, so the run would have waited for ever. */
export class UnattendedError extends OrchError<"ORCH_UNATTENDED"> {
  readonly retryable = false;

  constructor(facts: { readonly question: string }) {
    super("ORCH_UNATTENDED", facts, {
      says: `The question "${facts.question}" was asked in run(), where nobody can answer.`,
      fix: "Call start() instead, and answer with run.answer(question, value); or give a host, and answer there.",
    });
  }
}

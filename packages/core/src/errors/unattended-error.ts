import { OrchError } from "./orch-error.ts";

/** What a run waits for that nobody can give it. */
export type UnattendedFacts = { readonly question: string } | { readonly signal: string };

/** A question was asked in a run whose caller has no handle to answer it, so the run would have waited for ever. */
export class UnattendedError extends OrchError<"ORCH_UNATTENDED", UnattendedFacts> {
  readonly retryable = false;

  constructor(facts: { readonly question: string }) {
    super("ORCH_UNATTENDED", facts, {
      says: `The question "${facts.question}" was asked in run(), where nobody can answer.`,
      fix: "Call start() instead, and answer with run.answer(question, value); or give a host, and answer there.",
    });
  }
}

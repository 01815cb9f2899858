import { OrchError } from "./orch-error.ts";
import type { UnattendedFacts } from "./unattended-error.ts";

/** A state waits for a signal in a run whose caller has no handle to send it, so the run would have waited for ever. */
export class UnsentSignalError extends OrchError<"ORCH_UNATTENDED", UnattendedFacts> {
  readonly retryable = false;

  constructor(facts: { readonly signal: string }) {
    super("ORCH_UNATTENDED", facts, {
      says: `A state waits for the signal "${facts.signal}" in run(), where nobody can send it.`,
      fix: "Call start() instead, and send it with run.signal(kind, value); or give a host, and send it there.",
    });
  }
}

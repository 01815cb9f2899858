import { OrchError } from "./orch-error.ts";

/** A run was left on its host in the middle, on purpose. */
export class SuspendedError extends OrchError<"ORCH_SUSPENDED"> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }) {
    super("ORCH_SUSPENDED", facts, {
      says: `The run "${facts.runId}" was suspended; nothing of it is lost.`,
      fix: "Resume it with host.resume(orchestration, runId), in this process or another.",
    });
  }
}

import { OrchError } from "./orch-error.ts";

/** Another process has taken a run over, because this one did not renew its claim. */
export class FencedError extends OrchError<"ORCH_FENCED"> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }) {
    super("ORCH_FENCED", facts, {
      says: `Another process has taken over the run "${facts.runId}"; this one stopped and wrote nothing more.`,
      fix: "Nothing to mend: the other process goes on. If it happens often, this process is blocked for longer than the lease; raise the option lease.",
    });
  }
}

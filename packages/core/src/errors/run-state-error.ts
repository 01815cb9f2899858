import { OrchError } from "./orch-error.ts";

/** A run is not in the state that a call needs. */
export class RunStateError extends OrchError<"ORCH_RUN_STATE"> {
  constructor(facts: { readonly runId: string; readonly status: string }, says: string, fix: string) {
    super("ORCH_RUN_STATE", facts, { says, fix });
  }
}

import { OrchError } from "./orch-error.ts";

/** A run was to be started under an id that another run has. */
export class RunExistsError extends OrchError<"ORCH_RUN_EXISTS"> {
  constructor(facts: { readonly runId: string }) {
    super("ORCH_RUN_EXISTS", facts, {
      says: `There is a run of the id "${facts.runId}" already.`,
      fix: 'Pass ifExists: "resume" to take it up or have its end, or start under another runId.',
    });
  }
}

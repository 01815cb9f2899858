import { OrchError } from "./orch-error.ts";

/** There is no run of this id on the host. */
export class UnknownRunError extends OrchError<"ORCH_UNKNOWN_RUN"> {
  constructor(facts: { readonly runId: string }) {
    super("ORCH_UNKNOWN_RUN", facts, {
      says: `There is no run of the id "${facts.runId}" on this host.`,
      fix: "Take the id from host.list(), and check that the host reads the place the run was started on.",
    });
  }
}

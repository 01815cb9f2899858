import { OrchError } from "@orch/core";

/** A run is driven by workers, and cannot be changed as one on this machine can. */
export class WorkersCannotError extends OrchError<"ORCH_WORKERS_CANNOT"> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string; readonly act: "retried" | "forked" }) {
    super("ORCH_WORKERS_CANNOT", facts, {
      says: `The run "${facts.runId}" is on workers, where a run that has ended cannot be ${facts.act}.`,
      fix: "Send the message again: that begins a new run.",
    });
  }
}

import { OrchError } from "./orch-error.ts";

/** Which run, and how it ended. */
export interface RunEndedFacts {
  readonly runId: string;
  readonly status: "completed" | "failed" | "cancelled";
}

/** A run was to be cancelled, and has ended otherwise. */
export class RunEndedError extends OrchError<"ORCH_RUN_ENDED", RunEndedFacts> {
  constructor(facts: RunEndedFacts) {
    super("ORCH_RUN_ENDED", facts, {
      says: `The run "${facts.runId}" was to be cancelled, and it has ${facts.status} before.`,
      fix: "Nothing to mend: the end of a run is final. host.retry and host.fork go on from it.",
    });
  }
}

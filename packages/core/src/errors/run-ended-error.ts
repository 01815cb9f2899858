import { OrchError } from "./orch-error.ts";

/** Which run, and how it ended. */
export interface RunEndedFacts {
  readonly runId: string;
  readonly status: "completed" | "failed" | "cancelled";
}

const ENDED = { completed: "has completed", failed: "has failed", cancelled: "was cancelled" } as const;

/** A run was to be cancelled or signalled, and has ended before. */
export class RunEndedError extends OrchError<"ORCH_RUN_ENDED", RunEndedFacts> {
  constructor(facts: RunEndedFacts, wanted: "cancelled" | "signalled" = "cancelled") {
    super("ORCH_RUN_ENDED", facts, {
      says: `The run "${facts.runId}" was to be ${wanted}, and it ${ENDED[facts.status]} before.`,
      fix: "Nothing to mend: the end of a run is final. host.retry and host.fork go on from it.",
    });
  }
}

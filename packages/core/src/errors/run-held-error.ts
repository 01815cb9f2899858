import { OrchError } from "./orch-error.ts";

/** Who drives a run. */
export interface RunHeldFacts {
  readonly runId: string;
  readonly holder: string;
  /** When the claim ends unless it is renewed, in milliseconds since the epoch. */
  readonly until: number;
}

/** A run is driven by another process, and only one may. */
export class RunHeldError extends OrchError<"ORCH_RUN_HELD", RunHeldFacts> {
  constructor(facts: RunHeldFacts) {
    super("ORCH_RUN_HELD", facts, {
      says: `The run "${facts.runId}" is driven by ${facts.holder}.`,
      fix: "Let that process go on, or end it; its claim passes on at once when it is gone. Answers and reads need no claim.",
    });
  }
}

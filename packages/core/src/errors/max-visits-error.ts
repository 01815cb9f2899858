import { OrchError } from "./orch-error.ts";

/** Which state was entered too often. */
export interface MaxVisitsFacts {
  readonly orchestration: string;
  readonly runnable: string;
  readonly path: string;
  readonly maxVisits: number;
  /** The state it came from. */
  readonly from: string;
}

/** A runnable was to be entered more often than its `maxVisits`. */
export class MaxVisitsError extends OrchError<"ORCH_MAX_VISITS", MaxVisitsFacts> {
  constructor(facts: MaxVisitsFacts) {
    super("ORCH_MAX_VISITS", facts, {
      says: `"${facts.runnable}" was entered ${facts.maxVisits} times in "${facts.orchestration}", its maxVisits, and "${facts.from}" leads to it once more.`,
      fix: `Make a condition on that way become false in the end, add an advancer that leads out of the loop, or raise maxVisits.`,
    });
  }
}

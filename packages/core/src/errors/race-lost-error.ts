import type { EventError } from "../words/events.ts";
import { OrchError } from "./orch-error.ts";

/** How a race was lost. */
export interface RaceLostFacts {
  readonly race: string;
  readonly path: string;
  /** How many values it needed. */
  readonly wanted: number;
  /** The errors of the branches, in the order they failed. */
  readonly failures: readonly EventError[];
}

/** Too many branches of a race failed, so too few are left to win. The last failure is the `cause`. */
export class RaceLostError extends OrchError<"ORCH_RACE_LOST", RaceLostFacts> {
  constructor(facts: RaceLostFacts, cause: Error) {
    const failures = facts.failures.map((failure) => failure.message.split("\n")[0]).join("; ");
    super(
      "ORCH_RACE_LOST",
      facts,
      {
        says: `"${facts.race}" needed ${facts.wanted === 1 ? "one value" : `${facts.wanted} values`}, and too few branches are left: ${failures}`,
        fix: "Read the failures. Give the branches a retry policy or the race another branch; if the flow can go on without it, add a .catch edge.",
      },
      { cause },
    );
  }
}

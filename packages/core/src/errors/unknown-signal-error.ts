import { nearestNames } from "../platform/nearest-names.ts";
import { OrchError } from "./orch-error.ts";

/** Which run, and which kinds of signals its states wait for. */
export interface UnknownSignalFacts {
  readonly runId: string;
  readonly signal: string;
  /** The kinds that the run's orchestration knows. */
  readonly known: readonly string[];
}

/** A signal of a kind was sent that no state of the run's orchestration waits for. */
export class UnknownSignalError extends OrchError<"ORCH_UNKNOWN_SIGNAL", UnknownSignalFacts> {
  constructor(facts: UnknownSignalFacts) {
    const { runId, signal, known } = facts;
    const near = nearestNames(signal, known, 3).map((name) => `"${name}"`);
    const fix =
      near.length === 0
        ? "Add a state that waits for it, with until(id, { signal }), or send it to another run."
        : `Send one that a state waits for, like ${near.join(" or ")}.`;
    super("ORCH_UNKNOWN_SIGNAL", facts, {
      says: `No state of the run "${runId}" waits for signals of the kind "${signal}".`,
      fix,
    });
  }
}

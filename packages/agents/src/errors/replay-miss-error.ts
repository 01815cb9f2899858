import { OrchError } from "@orch/core";

/** A question that the recording does not hold. */
export interface ReplayMissFacts {
  /** The recording's path or name. */
  readonly name: string;
  /** How many calls it holds. */
  readonly recorded: number;
  /** How many of them were replayed before. */
  readonly replayed: number;
  /** Where the question differs from the recorded one that is nearest, at most five places; empty when it was recorded, but asked more often. */
  readonly differences: readonly string[];
}

/** A replayed model was asked something that was not recorded. */
export class ReplayMissError extends OrchError<"ORCH_REPLAY_MISS", ReplayMissFacts> {
  constructor(facts: ReplayMissFacts) {
    super("ORCH_REPLAY_MISS", facts, {
      says: `The recording ${facts.name} (${facts.replayed} of ${facts.recorded} calls replayed) has no answer to this question. ${whyNot(facts)}`,
      fix: "Record again if the change is meant; if it is chance (a date, an id), leave it out of the comparison by `compare`.",
    });
  }
}

function whyNot({ recorded, differences }: ReplayMissFacts): string {
  if (recorded === 0) return "It is empty.";
  if (differences.length === 0) return "It was recorded, but it is asked more often now than it was then.";
  return `The nearest recorded question differs:\n${differences.map((line) => `    ${line}`).join("\n")}`;
}

import type { EventError } from "../words/events.ts";
import { isFinal, wishOf } from "../words/retry.ts";
import { brief } from "./brief.ts";
import { OrchError } from "./orch-error.ts";

/** How many failures the sentence names. */
const MOST = 3;

/** How a race was lost. */
export interface RaceLostFacts {
  readonly race: string;
  readonly path: string;
  /** How many values it needed; absent where a function says what is enough. */
  readonly wanted?: number;
  /** The errors of the branches, in the order they failed. */
  readonly failures: readonly EventError[];
}

/**
 * Too many branches of a race failed, so too few are left to win; or all branches of a fan-out ended, and nothing was enough.
 * The last failure is the `cause`. Another attempt can help unless so many failures are final that the race is lost again.
 */
export class RaceLostError extends OrchError<"ORCH_RACE_LOST", RaceLostFacts> {
  readonly retryable: boolean;

  /** `branches` is how many the race has. */
  constructor(facts: RaceLostFacts, cause?: Error, branches: number = facts.failures.length) {
    const named = facts.failures.slice(0, MOST).map(({ message }) => brief(message.split("\n")[0]!, 80));
    const more = facts.failures.length - named.length;
    const failures = `${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
    super(
      "ORCH_RACE_LOST",
      facts,
      {
        says: `"${brief(facts.race)}" ${shortage(facts, branches)}${failures === "" ? "." : `: ${failures}`}`,
        fix: "Read the failures. Give the race another branch, or its branches more attempts; if the flow can go on without it, add a .catch edge.",
      },
      cause === undefined ? {} : { cause },
    );
    // More branches can only come from another input.
    this.retryable =
      facts.failures.length > 0 && branches - facts.failures.filter(isFinal).length >= (facts.wanted ?? 1);
    const wish = wishOf({ errors: facts.failures });
    if (wish !== undefined) Object.assign(this, { retryAfter: wish });
  }
}

/** What it had too little of. */
function shortage({ wanted, failures }: RaceLostFacts, branches: number): string {
  if (wanted === undefined) return "did not have enough when all of its branches had ended";
  const needed = `needed ${wanted === 1 ? "one value" : `${wanted} values`}`;
  if (failures.length > 0) return `${needed}, and too few branches are left`;
  return `${needed}, and has ${branches === 1 ? "one branch" : `${branches} branches`}`;
}

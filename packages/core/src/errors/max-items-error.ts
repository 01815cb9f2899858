import { OrchError } from "./orch-error.ts";

/** Which fan-out was given too many items. */
export interface MaxItemsFacts {
  readonly runnable: string;
  readonly path: string;
  readonly maxItems: number;
}

/** A state added an item to a fan-out that has as many as it may have. No attempt can change it. */
export class MaxItemsError extends OrchError<"ORCH_MAX_ITEMS", MaxItemsFacts> {
  readonly retryable = false;

  constructor(facts: MaxItemsFacts) {
    super("ORCH_MAX_ITEMS", facts, {
      says: `"${facts.runnable}" has ${facts.maxItems} items, its maxItems, and one more was added.`,
      fix: "Let the states that add items stop in the end, or raise maxItems if so many are right.",
    });
  }
}

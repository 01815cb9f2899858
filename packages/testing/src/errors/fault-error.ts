import { OrchError } from "@orch/core";

/** A fault that `sweep` made on purpose. */
export class FaultError extends OrchError<"ORCH_FAULT"> {
  /** Set where the fault is one that passes by itself: the store is locked or full. */
  declare readonly pauses?: "locked" | "full";

  constructor(facts: { readonly door: string; readonly passage: number }, pauses?: "locked" | "full") {
    super("ORCH_FAULT", facts, {
      says: `Passage ${facts.passage} through "${facts.door}" fails, because a test wants to see what happens.`,
      fix: "Nothing to mend in production: only tests make this error.",
    });
    if (pauses !== undefined) this.pauses = pauses;
  }
}

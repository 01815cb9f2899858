import { OrchError } from "@orch/core";

/** A fault that `sweep` made on purpose. */
export class FaultError extends OrchError<"ORCH_FAULT"> {
  constructor(facts: { readonly door: string; readonly passage: number }) {
    super("ORCH_FAULT", facts, {
      says: `Passage ${facts.passage} through "${facts.door}" fails, because a test wants to see what happens.`,
      fix: "Nothing to mend in production: only tests make this error.",
    });
  }
}

import { OrchError } from "@orch/core";

/** A turn was cancelled. */
export class TurnCancelledError extends OrchError<"ORCH_TURN_CANCELLED"> {
  constructor(facts: { readonly turnId: string; readonly reason: string }) {
    super("ORCH_TURN_CANCELLED", facts, {
      says: `The turn was cancelled: ${facts.reason}.`,
      fix: "Nothing to mend if you asked for it; send the next message.",
    });
  }
}

import { OrchError } from "@orch/core";

/** A turn was left where it is, on purpose. */
export class TurnSuspendedError extends OrchError<"ORCH_TURN_SUSPENDED"> {
  constructor(facts: { readonly turnId: string }) {
    super("ORCH_TURN_SUSPENDED", facts, {
      says: `The turn ${facts.turnId} was suspended before its answer was whole.`,
      fix: "Go on with it by `retry()`, in this process or in another one with the same session and host.",
    });
  }
}

import { OrchError } from "@orch/core";

/** A turn was to be tried again or dropped, and none stays apart. */
export class TurnAnsweredError extends OrchError<"ORCH_TURN_ANSWERED"> {
  constructor(facts: { readonly sessionId: string }) {
    super("ORCH_TURN_ANSWERED", facts, {
      says: `No message of the session "${facts.sessionId}" waits for an answer.`,
      fix: "Send a message. Only the last turn can be tried again or dropped, and only while it has no answer (`runtime.apart`).",
    });
  }
}

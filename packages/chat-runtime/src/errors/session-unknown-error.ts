import { OrchError } from "@orch/core";

/** A session was named that is not there. */
export class SessionUnknownError extends OrchError<"ORCH_SESSION_UNKNOWN"> {
  constructor(facts: { readonly sessionId: string }) {
    super("ORCH_SESSION_UNKNOWN", facts, {
      says: `There is no session "${facts.sessionId}".`,
      fix: "Take an id from list().",
    });
  }
}

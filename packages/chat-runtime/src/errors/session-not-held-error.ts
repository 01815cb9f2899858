import { OrchError } from "@orch/core";

/** A write to a session that this store does not hold. */
export class SessionNotHeldError extends OrchError<"ORCH_SESSION_NOT_HELD"> {
  constructor(facts: { readonly sessionId: string }) {
    super("ORCH_SESSION_NOT_HELD", facts, {
      says: `The session "${facts.sessionId}" is not open for writing here, so nothing was written.`,
      fix: "Open it first; if it was open, another process has taken it over or it was removed.",
    });
  }
}

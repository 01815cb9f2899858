import { OrchError } from "@orch/core";

/** A copy or an import would have mixed two conversations. */
export class SessionExistsError extends OrchError<"ORCH_SESSION_EXISTS"> {
  constructor(facts: { readonly sessionId: string }) {
    super("ORCH_SESSION_EXISTS", facts, {
      says: `There is a session "${facts.sessionId}" already.`,
      fix: "Give it another id.",
    });
  }
}

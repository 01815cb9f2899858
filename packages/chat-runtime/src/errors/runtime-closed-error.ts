import { OrchError } from "@orch/core";

/** A closed runtime was asked for something. */
export class RuntimeClosedError extends OrchError<"ORCH_RUNTIME_CLOSED"> {
  constructor(facts: { readonly sessionId: string }) {
    super("ORCH_RUNTIME_CLOSED", facts, {
      says: `The chat runtime of the session "${facts.sessionId}" is closed.`,
      fix: "Make a new ChatRuntime with the same store and session id.",
    });
  }
}

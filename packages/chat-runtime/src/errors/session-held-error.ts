import { OrchError } from "@orch/core";

/** Another process, or another runtime of this one, writes to a session. */
export class SessionHeldError extends OrchError<"ORCH_SESSION_HELD"> {
  constructor(facts: { readonly sessionId: string; readonly holder: string; readonly since?: number }) {
    super("ORCH_SESSION_HELD", facts, {
      says: `The session "${facts.sessionId}" is being written by ${facts.holder}.`,
      fix: "Close it there, or begin another session. A program can still read it with load().",
    });
  }
}

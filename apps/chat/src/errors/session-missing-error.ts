import { OrchError } from "@orch/core";

/** This folder has no session of that id. */
export class SessionMissingError extends OrchError<"ORCH_SESSION_MISSING"> {
  constructor(facts: { readonly session: string }) {
    super("ORCH_SESSION_MISSING", facts, {
      says: `This folder has no session "${facts.session}".`,
      fix: "See orch sessions, or /sessions in the chat, for those it has.",
    });
  }
}

import { OrchError } from "@orch/core";

/** A message came to an inbox that takes none while a turn is being answered. */
export class InboxRejectedError extends OrchError<"ORCH_INBOX_REJECTED"> {
  constructor(facts: { readonly sessionId: string; readonly turnId: string }) {
    super("ORCH_INBOX_REJECTED", facts, {
      says: `The inbox of "${facts.sessionId}" takes no message while turn ${facts.turnId} is being answered.`,
      fix: "Send it again when the turn has ended, or give the inbox another policy.",
    });
  }
}

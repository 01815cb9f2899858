import { OrchError } from "@orch/core";

/** A message came while another was being answered. */
export class TurnBusyError extends OrchError<"ORCH_TURN_BUSY"> {
  constructor(facts: { readonly sessionId: string; readonly turnId: string }) {
    super("ORCH_TURN_BUSY", facts, {
      says: `The session "${facts.sessionId}" is still answering the message before (turn ${facts.turnId}).`,
      fix: "Await the reply, or call cancel() and await it, before you send the next message.",
    });
  }
}

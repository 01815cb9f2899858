import { OrchError } from "@orch/core";

/** The run of a turn was taken up without its conversation. */
export class ConversationMissingError extends OrchError<"ORCH_CONVERSATION_MISSING"> {
  readonly retryable = false;

  constructor(facts: { readonly turnId: string }) {
    super("ORCH_CONVERSATION_MISSING", facts, {
      says: `The run of the turn "${facts.turnId}" was taken up without its conversation, which its session keeps.`,
      fix: "Go on with the turn by `retry()` of a ChatRuntime with that session and this host, and not by `host.resume`.",
    });
  }
}

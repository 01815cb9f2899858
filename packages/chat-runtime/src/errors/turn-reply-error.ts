import { OrchError } from "@orch/core";

/** A configuration broke the contract of its answer. */
export class TurnReplyError extends OrchError<"ORCH_TURN_REPLY"> {
  constructor(facts: { readonly configuration: string; readonly problem: string }) {
    super("ORCH_TURN_REPLY", facts, {
      says: `"${facts.configuration}" gave no usable answer: ${facts.problem}.`,
      fix: "Make its invoke give { message } with an assistant message, which is also the last of `messages`.",
    });
  }
}

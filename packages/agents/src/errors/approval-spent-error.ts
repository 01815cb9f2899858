import { OrchError } from "@orch/core";

/** An approval was used a second time. */
export class ApprovalSpentError extends OrchError<"ORCH_APPROVAL_SPENT"> {
  constructor(facts: { readonly tool: string; readonly callId: string }) {
    super("ORCH_APPROVAL_SPENT", facts, {
      says: `The approval for the call "${facts.callId}" of the tool "${facts.tool}" was used twice.`,
      fix: "Ask for an approval of its own for each call.",
    });
  }
}

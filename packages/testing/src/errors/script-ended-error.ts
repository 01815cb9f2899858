import { OrchError } from "@orch/core";

/** A scripted model was called more often than its script is long. */
export class ScriptEndedError extends OrchError<"ORCH_SCRIPT_ENDED"> {
  constructor(facts: { readonly model: string; readonly calls: number }) {
    super("ORCH_SCRIPT_ENDED", facts, {
      says: `The scripted model "${facts.model}" was called more than ${facts.calls} times, and its script has no more replies.`,
      fix: "Add the replies that the run asks for, or find out why it asks so often.",
    });
  }
}

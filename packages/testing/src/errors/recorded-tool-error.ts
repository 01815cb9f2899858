import { OrchError } from "@orch/core";

/** A tool failed when a case was recorded, and fails again when it is replayed. */
export class RecordedToolError extends OrchError<"ORCH_EVAL_TOOL"> {
  constructor(facts: { readonly tool: string; readonly message: string }) {
    super("ORCH_EVAL_TOOL", facts, {
      says: facts.message,
      fix: "Nothing to mend: the tool failed so when the case was recorded.",
    });
    // The model was told these words, and is told them again.
    Object.defineProperty(this, "message", { value: facts.message, configurable: true, writable: true });
  }
}

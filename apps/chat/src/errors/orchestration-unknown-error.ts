import { OrchError } from "@orch/core";

/** The requested orchestration, and the known ones. */
export interface OrchestrationUnknownFacts {
  readonly orchestration: string;
  readonly known: readonly string[];
  /** The known name most like it, if any is. */
  readonly nearest?: string;
}

/** There is no orchestration of that name. */
export class OrchestrationUnknownError extends OrchError<
  "ORCH_ORCHESTRATION_UNKNOWN",
  OrchestrationUnknownFacts
> {
  constructor(facts: OrchestrationUnknownFacts) {
    const { orchestration, known, nearest } = facts;
    super("ORCH_ORCHESTRATION_UNKNOWN", facts, {
      says: `There is no orchestration "${orchestration}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
      fix: `Use one of ${known.join(", ")}, or add "${orchestration}" under orchestrations in orch.config.json.`,
    });
  }
}

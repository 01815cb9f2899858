import type { ConversionFacts } from "./conversion-error.ts";
import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";

/** The condition of an edge, or its choice of the next runnable, threw. */
export class ConditionError extends OrchError<"ORCH_CONDITION", ConversionFacts> {
  constructor(facts: ConversionFacts, cause: unknown) {
    super(
      "ORCH_CONDITION",
      facts,
      {
        says: `The condition from "${facts.from}" to "${facts.to}" threw: ${messageOf(cause)}`,
        fix: "Make the condition hold for every output of its runnable; what can fail or has to wait belongs in a runnable.",
      },
      { cause },
    );
  }
}

import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";

/** The edge whose conversion failed. */
export interface ConversionFacts {
  readonly orchestration: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** The conversion of an edge threw. */
export class ConversionError extends OrchError<"ORCH_CONVERSION", ConversionFacts> {
  constructor(facts: ConversionFacts, cause: unknown) {
    super(
      "ORCH_CONVERSION",
      facts,
      {
        says: `Cannot convert output type to input type: the conversion from "${facts.from}" to "${facts.to}" threw: ${messageOf(cause)}`,
        fix: "Make the conversion hold for every output that its condition lets through; what can fail or has to wait belongs in a runnable.",
      },
      { cause },
    );
  }
}

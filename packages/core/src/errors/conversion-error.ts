import type { EventError } from "../words/events.ts";
import { retryWordsOf } from "../words/retry.ts";
import { brief } from "./brief.ts";
import { errorData } from "./error-data.ts";
import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";

/** The edge whose conversion, or condition, failed. */
export interface ConversionFacts {
  readonly orchestration: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** Of an edge for failures: the failure that it was asked about. */
  readonly failure?: EventError;
}

/** The conversion of an edge threw. */
export class ConversionError extends OrchError<"ORCH_CONVERSION", ConversionFacts> {
  constructor(facts: ConversionFacts, cause: unknown, failure?: Error) {
    super(
      "ORCH_CONVERSION",
      withFailure(facts, failure),
      {
        says: `Cannot convert output type to input type: the conversion ${thrownOnEdge(facts, cause, failure)}`,
        fix: "Make the conversion hold for every output that its condition lets through; what can fail or has to wait belongs in a runnable.",
      },
      { cause },
    );
    if (failure !== undefined) Object.assign(this, retryWordsOf(failure));
  }
}

/** The facts, and the failure that was handled when the edge threw. */
export function withFailure(facts: ConversionFacts, failure: Error | undefined): ConversionFacts {
  return failure === undefined ? facts : { ...facts, failure: errorData(failure) };
}

/** What was thrown on which edge; an edge for failures names the failure too. */
export function thrownOnEdge(
  { from, to }: ConversionFacts,
  cause: unknown,
  failure: Error | undefined,
): string {
  const asked = failure === undefined ? "" : `. It was asked about this failure: ${messageOf(failure)}`;
  return `from "${brief(from, 30)}" to "${brief(to, 30)}" threw: ${messageOf(cause)}${asked}`;
}

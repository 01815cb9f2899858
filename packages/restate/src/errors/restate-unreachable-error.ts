import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** Nothing answers at the address. */
export class RestateUnreachableError extends OrchError<"ORCH_RESTATE_UNREACHABLE"> {
  readonly retryable = true;

  constructor(facts: RestateErrorFacts["ORCH_RESTATE_UNREACHABLE"], options?: ErrorOptions) {
    super(
      "ORCH_RESTATE_UNREACHABLE",
      facts,
      {
        says: `The Restate server at ${facts.url} cannot be reached: ${facts.problem}.`,
        fix: "Start the server, or give its addresses as ingress and admin.",
      },
      options,
    );
  }
}

import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** The server, or a worker, refused a call. */
export class RestateRefusedError extends OrchError<"ORCH_RESTATE_REFUSED"> {
  constructor(facts: RestateErrorFacts["ORCH_RESTATE_REFUSED"]) {
    super("ORCH_RESTATE_REFUSED", facts, {
      says: `The Restate server refused ${facts.url} with status ${facts.status}: ${facts.problem}`,
      fix: "Look into the log of the worker and of the server.",
    });
  }
}

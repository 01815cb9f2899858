import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** The server has the call, and no worker answers it. */
export class RestateSilentError extends OrchError<"ORCH_RESTATE_SILENT"> {
  readonly retryable = true;

  constructor(facts: RestateErrorFacts["ORCH_RESTATE_SILENT"]) {
    super("ORCH_RESTATE_SILENT", facts, {
      says: `No worker answered ${facts.url} within ${facts.timeout} ms. The server keeps the call for a worker.`,
      fix: "Check that a worker runs and that its deployment is registered under an address that leads to it.",
    });
  }
}

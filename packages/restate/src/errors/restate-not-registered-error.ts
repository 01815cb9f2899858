import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** No deployment has the services of Orch. */
export class RestateNotRegisteredError extends OrchError<"ORCH_RESTATE_NOT_REGISTERED"> {
  constructor(facts: RestateErrorFacts["ORCH_RESTATE_NOT_REGISTERED"]) {
    super("ORCH_RESTATE_NOT_REGISTERED", facts, {
      says: `The Restate server at ${facts.url} knows no deployment with the service "${facts.service}".`,
      fix: "Start a worker with restateWorker({ flows }), and register it: await worker.register(admin).",
    });
  }
}

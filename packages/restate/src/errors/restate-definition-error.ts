import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** The workers do not have the definition of a run that was to be started. */
export class RestateDefinitionError extends OrchError<"ORCH_RESTATE_DEFINITION"> {
  constructor(facts: RestateErrorFacts["ORCH_RESTATE_DEFINITION"]) {
    const { orchestration, version, hash, known } = facts;
    const has = known.length === 0 ? "none of that name" : known.join(", ");
    super("ORCH_RESTATE_DEFINITION", facts, {
      says: `No worker has the orchestration "${orchestration}" in version ${version} (${hash}); there is ${has}.`,
      fix: "Give it to restateWorker({ flows }) and register that worker, or start it by the definition that the workers have.",
    });
  }
}

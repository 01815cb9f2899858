/** What may become of a call to a Restate server. */
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

/** No deployment has the services of Orch. */
export class RestateNotRegisteredError extends OrchError<"ORCH_RESTATE_NOT_REGISTERED"> {
  constructor(facts: RestateErrorFacts["ORCH_RESTATE_NOT_REGISTERED"]) {
    super("ORCH_RESTATE_NOT_REGISTERED", facts, {
      says: `The Restate server at ${facts.url} knows no deployment with the service "${facts.service}".`,
      fix: "Start a worker with restateWorker({ flows }), and register it: await worker.register(admin).",
    });
  }
}

/** The server, or a worker, refused a call. */
export class RestateRefusedError extends OrchError<"ORCH_RESTATE_REFUSED"> {
  constructor(facts: RestateErrorFacts["ORCH_RESTATE_REFUSED"]) {
    super("ORCH_RESTATE_REFUSED", facts, {
      says: `The Restate server refused ${facts.url} with status ${facts.status}: ${facts.problem}`,
      fix: "Look into the log of the worker and of the server.",
    });
  }
}

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

import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

type Facts = RestateErrorFacts["ORCH_RESTATE_SILENT"];

const KEPT = {
  yes: "The server keeps it: nothing is lost, nothing has to be sent again, and a worker takes it when one is there.",
  no: "The server does not have it: nothing was changed, and it can be sent again.",
  unknown: "Whether the server has it could not be found out.",
} as const;

/** A call was not answered in its time. */
export class RestateSilentError extends OrchError<"ORCH_RESTATE_SILENT"> {
  /** What the server keeps would be done twice. */
  readonly retryable: boolean;

  constructor(facts: Facts) {
    const { url, timeout, kept } = facts;
    super("ORCH_RESTATE_SILENT", facts, {
      says: `No worker answered ${url} within ${timeout} ms.${kept === undefined ? "" : ` ${KEPT[kept]}`}`,
      fix: "Start a worker at the address where its deployment is registered. Where the workers have moved, register the new ones, and call host.resume(orchestration, runId) of a host with the option admin: the run goes on there.",
    });
    this.retryable = kept !== "yes";
  }
}

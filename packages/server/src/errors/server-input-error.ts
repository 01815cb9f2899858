import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** The input of a run does not fit its orchestration. */
export class ServerInputError extends OrchError<"ORCH_SERVER_INPUT"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_INPUT"]) {
    super("ORCH_SERVER_INPUT", facts, {
      says: `The input does not fit "${facts.orchestration}": ${facts.problem}`,
      fix: "Send an input that fits the schema of the orchestration. Nothing was started.",
    });
  }
}

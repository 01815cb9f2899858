import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A server cannot be made as it was asked for. */
export class ServerSetupError extends OrchError<"ORCH_SERVER_SETUP"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_SETUP"]) {
    super("ORCH_SERVER_SETUP", facts, {
      says: `The server cannot be made: ${facts.problem}.`,
      fix: "Change the options of createServer.",
    });
  }
}

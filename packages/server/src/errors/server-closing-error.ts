import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** The server stops, and takes on nothing more. */
export class ServerClosingError extends OrchError<"ORCH_SERVER_CLOSING"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_CLOSING"]) {
    super("ORCH_SERVER_CLOSING", facts, {
      says: "The server stops, and starts nothing more.",
      fix: "Try again in a moment; what was started before goes on.",
    });
  }
}

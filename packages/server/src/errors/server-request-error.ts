import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A request is not one that the door takes. */
export class ServerRequestError extends OrchError<"ORCH_SERVER_REQUEST"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_REQUEST"]) {
    super("ORCH_SERVER_REQUEST", facts, {
      says: `The request cannot be read: ${facts.problem}.`,
      fix: "Send it as docs/server.md says.",
    });
  }
}

import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** What a request names is not there. */
export class ServerUnknownError extends OrchError<"ORCH_SERVER_UNKNOWN"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_UNKNOWN"]) {
    super("ORCH_SERVER_UNKNOWN", facts, {
      says: `There is no ${facts.what} "${facts.id}".`,
      fix:
        facts.what === "path"
          ? "Look at the paths of the doors that the server has: docs/server.md lists them."
          : "Look at the name or id: a list gives those that are there.",
    });
  }
}

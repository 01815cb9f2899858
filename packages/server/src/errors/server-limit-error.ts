import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A caller has as much going as it may have. */
export class ServerLimitError extends OrchError<"ORCH_SERVER_LIMIT"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_LIMIT"]) {
    super("ORCH_SERVER_LIMIT", facts, {
      says: `There are ${facts.limit} ${facts.what} already, and no more are let in.`,
      fix: "Wait for one to end, and try again; `limits` of the server sets how many there may be.",
    });
  }
}

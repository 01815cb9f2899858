import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** The body of a request is larger than the server takes. */
export class ServerBodyError extends OrchError<"ORCH_SERVER_BODY"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_BODY"]) {
    super("ORCH_SERVER_BODY", facts, {
      says: `The body of the request has more than ${facts.limit} bytes.`,
      fix: "Send a smaller one, or raise `limits.body` of the server.",
    });
  }
}

import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A request is not let in. */
export class ServerRefusedError extends OrchError<"ORCH_SERVER_REFUSED"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_REFUSED"]) {
    super("ORCH_SERVER_REFUSED", facts, {
      says: `The request is refused: ${facts.problem}.`,
      fix: "Send the token of the server, and call it by a host and from an origin that it knows.",
    });
  }
}

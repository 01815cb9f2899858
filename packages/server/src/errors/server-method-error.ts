import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A path does not take the method of a request. */
export class ServerMethodError extends OrchError<"ORCH_SERVER_METHOD"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_METHOD"]) {
    super("ORCH_SERVER_METHOD", facts, {
      says: `The method ${facts.method} is not taken here.`,
      fix: `Use ${facts.allowed.join(" or ")}.`,
    });
  }
}

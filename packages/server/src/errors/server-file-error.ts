import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

/** A message has a file that is not taken. */
export class ServerFileError extends OrchError<"ORCH_SERVER_FILE"> {
  constructor(facts: ServerErrorFacts["ORCH_SERVER_FILE"]) {
    super("ORCH_SERVER_FILE", facts, {
      says: `A file of the message is not taken: ${facts.problem}.`,
      fix: "Send the message without it, or with one that is taken. Nothing was started.",
    });
  }
}

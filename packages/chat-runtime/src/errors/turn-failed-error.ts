import { OrchError } from "@orch/core";
import { messageOf } from "@orch/core/doors";

/** A configuration threw something that is not one of our errors. It is the `cause`. */
export class TurnFailedError extends OrchError<"ORCH_TURN_FAILED"> {
  constructor(facts: { readonly turnId: string; readonly configuration: string }, cause: unknown) {
    super(
      "ORCH_TURN_FAILED",
      facts,
      {
        says: `"${facts.configuration}" could not answer: ${messageOf(cause)}`,
        fix: "Read the cause; the session stays usable, so the message can be sent again.",
      },
      { cause },
    );
  }
}

import { OrchError } from "@orch/core";

/** Tells `once` not to record a step: it ended, and is to be done again next time. */
export class UnfinishedStepError extends OrchError<"ORCH_UNFINISHED_STEP"> {
  constructor(facts: { readonly step: string }) {
    super("ORCH_UNFINISHED_STEP", facts, {
      says: `The step "${facts.step}" did not come to an end that is worth remembering.`,
      fix: "Nothing: a `once` must pass on what its function throws, and the run goes on from there.",
    });
  }
}

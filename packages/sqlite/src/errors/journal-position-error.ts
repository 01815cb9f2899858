import { OrchError } from "@orch/core";

/** Records were given a number that is not the next one of their journal. */
export class JournalPositionError extends OrchError<"ORCH_JOURNAL_POSITION"> {
  constructor(facts: { readonly runId: string; readonly from: number; readonly records: number }) {
    super("ORCH_JOURNAL_POSITION", facts, {
      says: `Records were to be added to run "${facts.runId}" from number ${facts.from} on, and its journal has ${facts.records}.`,
      fix: "Load the journal again and go on from its end. Nothing of this write was kept.",
    });
  }
}

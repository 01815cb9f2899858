import { OrchError } from "./orch-error.ts";

/** A record of a journal is not what it has to be. */
export class JournalDamagedError extends OrchError<"ORCH_JOURNAL_DAMAGED"> {
  constructor(facts: { readonly runId: string; readonly record: number; readonly reason: string }) {
    super("ORCH_JOURNAL_DAMAGED", facts, {
      says: `Record ${facts.record} of the run "${facts.runId}" cannot be read: ${facts.reason}.`,
      fix: "Nothing was changed or guessed. Restore the store from a copy, or fork the run before that record.",
    });
  }
}

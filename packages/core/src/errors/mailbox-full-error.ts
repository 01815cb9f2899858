import { OrchError } from "./orch-error.ts";

/** Which run and kind, and how many signals it keeps. */
export interface MailboxFullFacts {
  readonly runId: string;
  readonly signal: string;
  readonly limit: number;
}

/** A run keeps as many signals of a kind as it may, and no state has taken them. */
export class MailboxFullError extends OrchError<"ORCH_MAILBOX_FULL", MailboxFullFacts> {
  constructor(facts: MailboxFullFacts) {
    const { runId, signal, limit } = facts;
    super("ORCH_MAILBOX_FULL", facts, {
      says: `The run "${runId}" keeps ${limit} signals of the kind "${signal}" that no state has taken, and takes no more.`,
      fix: `Send it again when the run has gone on, or give the kind a higher limit: signal("${signal}", schema, { limit }).`,
    });
  }
}

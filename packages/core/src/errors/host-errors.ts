import { messageOf } from "./message-of.ts";
import { isOrchError, OrchError } from "./orch-error.ts";

/** A run was left on its host in the middle, on purpose. */
export class SuspendedError extends OrchError<"ORCH_SUSPENDED", { readonly runId: string }> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }) {
    super("ORCH_SUSPENDED", facts, {
      says: `The run "${facts.runId}" was suspended; nothing of it is lost.`,
      fix: "Resume it with host.resume(orchestration, runId), in this process or another.",
    });
  }
}

/** Another process has taken a run over, because this one did not renew its claim. */
export class FencedError extends OrchError<"ORCH_FENCED", { readonly runId: string }> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }) {
    super("ORCH_FENCED", facts, {
      says: `Another process has taken over the run "${facts.runId}"; this one stopped and wrote nothing more.`,
      fix: "Nothing to mend: the other process goes on. If it happens often, this process is blocked for longer than the lease; raise the option lease.",
    });
  }
}

/** What a run could not write. */
export class NotWrittenError extends OrchError<"ORCH_NOT_WRITTEN", { readonly runId: string }> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }, cause: unknown) {
    super(
      "ORCH_NOT_WRITTEN",
      facts,
      {
        says: `The run "${facts.runId}" was stopped, because it could not be kept: ${messageOf(cause)}`,
        fix: `${isOrchError(cause) ? cause.fix : "Mend the cause (disk full, file gone, database locked)."} Then resume the run; it goes on from the last record that was written.`,
      },
      { cause },
    );
  }
}

/** A run was to be started under an id that another run has. */
export class RunExistsError extends OrchError<"ORCH_RUN_EXISTS", { readonly runId: string }> {
  constructor(facts: { readonly runId: string }) {
    super("ORCH_RUN_EXISTS", facts, {
      says: `There is a run of the id "${facts.runId}" already.`,
      fix: "Resume it with host.resume(orchestration, runId), or start under another runId.",
    });
  }
}

/** There is no run of this id on the host. */
export class UnknownRunError extends OrchError<"ORCH_UNKNOWN_RUN", { readonly runId: string }> {
  constructor(facts: { readonly runId: string }) {
    super("ORCH_UNKNOWN_RUN", facts, {
      says: `There is no run of the id "${facts.runId}" on this host.`,
      fix: "Take the id from host.list(), and check that the host reads the place the run was started on.",
    });
  }
}

/** Who drives a run. */
export interface RunHeldFacts {
  readonly runId: string;
  readonly holder: string;
  /** When the claim ends unless it is renewed, in milliseconds since the epoch. */
  readonly until: number;
}

/** A run is driven by another process, and only one may. */
export class RunHeldError extends OrchError<"ORCH_RUN_HELD", RunHeldFacts> {
  constructor(facts: RunHeldFacts) {
    super("ORCH_RUN_HELD", facts, {
      says: `The run "${facts.runId}" is driven by ${facts.holder}.`,
      fix: "Let that process go on, or end it; its claim passes on at once when it is gone. Answers and reads need no claim.",
    });
  }
}

/** A run is not in the state that a call needs. */
export class RunStateError extends OrchError<
  "ORCH_RUN_STATE",
  { readonly runId: string; readonly status: string }
> {
  constructor(facts: { readonly runId: string; readonly status: string }, says: string, fix: string) {
    super("ORCH_RUN_STATE", facts, { says, fix });
  }
}

/** Why a journal does not fit. */
export interface VersionMismatchFacts {
  readonly runId: string;
  readonly orchestration: string;
  /** The form of the definition the run was started on, and the present one. */
  readonly recorded: { readonly version: string; readonly hash: string };
  readonly present: { readonly version: string; readonly hash: string };
  /** The first record that does not fit, from 1. */
  readonly record: number;
  /** What that record is about. */
  readonly path: string;
}

/** The journal of a run cannot be read with the present definition. */
export class VersionMismatchError extends OrchError<"ORCH_VERSION_MISMATCH", VersionMismatchFacts> {
  constructor(facts: VersionMismatchFacts) {
    const { runId, orchestration, recorded, present, record, path } = facts;
    const changed =
      recorded.hash === present.hash
        ? `The structure of "${orchestration}" is the same, so a factory of choose, or code outside the definition, gave something else than before`
        : `"${orchestration}" has changed since then (version ${recorded.version}, structure ${recorded.hash}; now ${present.version}, ${present.hash})`;
    super("ORCH_VERSION_MISMATCH", facts, {
      says: `The run "${runId}" cannot be taken up: its record ${record}, about ${path}, fits nothing that is open there. ${changed}.`,
      fix: "Resume it with the code it was started with, give the orchestration a migrate function, or start a new run.",
    });
  }
}

/** A record of a journal is not what it has to be. */
export class JournalDamagedError extends OrchError<
  "ORCH_JOURNAL_DAMAGED",
  { readonly runId: string; readonly record: number; readonly reason: string }
> {
  constructor(facts: { readonly runId: string; readonly record: number; readonly reason: string }) {
    super("ORCH_JOURNAL_DAMAGED", facts, {
      says: `Record ${facts.record} of the run "${facts.runId}" cannot be read: ${facts.reason}.`,
      fix: "Nothing was changed or guessed. Restore the store from a copy, or fork the run before that record.",
    });
  }
}

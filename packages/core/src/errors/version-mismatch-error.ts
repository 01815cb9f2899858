import { OrchError } from "./orch-error.ts";

/** The reason why a journal does not fit. */
export interface VersionMismatchFacts {
  readonly runId: string;
  readonly orchestration: string;
  /** The form of the definition the run was started on, and the present one. */
  readonly recorded: { readonly version: string; readonly hash: string };
  readonly present: { readonly version: string; readonly hash: string };
  /** The first record that does not fit, from 1. */
  readonly record: number;
  /** The path that the record belongs to. */
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

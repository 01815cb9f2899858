/** Versions: whether the journal of a run was written by the definition it is read with. */
import type { JournalRecord } from "./journal-record.ts";

/** The form of a definition that a run was started on. */
export interface RecordedVersion {
  readonly version: string;
  readonly hash: string;
}

/** Rewrites the records of a run for the present form of the definition; pure. Give them back unchanged where they fit. */
export type Migrate = (records: readonly JournalRecord[], from: RecordedVersion) => readonly JournalRecord[];

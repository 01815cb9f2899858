/** For those who write a host or a store: the seams under a run. */
export type { JournalRecord, JournalRecordType } from "./journal/journal-record.ts";
export type {
  Append,
  Awaitable,
  Claim,
  ClaimResult,
  Holder,
  JournalStore,
  NewRun,
  RunQuery,
  StoredAnswer,
  StoredRun,
  StoredStatus,
} from "./journal/journal-store.ts";

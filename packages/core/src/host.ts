/** Durable hosts: the one of ours, and the seams that a store or another engine is written against. */
export { DurableHost, type DurableHostOptions } from "./host/durable-host.ts";
export { memoryHost } from "./host/memory-host.ts";
export type { Codec } from "./journal/codec.ts";
export type { JournalRecord } from "./journal/journal-record.ts";
export type {
  Append,
  Claim,
  ClaimResult,
  Creation,
  JournalStore,
  NewRun,
  RunQuery,
  StoredAnswer,
  StoredRun,
} from "./journal/journal-store.ts";
export { memoryStore } from "./journal/memory-store.ts";

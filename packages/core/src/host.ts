/** Durable hosts: the one of ours, and the seams that a store or another engine is written against. */

export type { Codec } from "./durable/codec.ts";
export { DurableHost, type DurableHostOptions } from "./durable/durable-host.ts";
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
} from "./durable/journal-store.ts";
export { memoryHost } from "./durable/memory-host.ts";
export { memoryStore } from "./durable/memory-store.ts";
export type { JournalRecord } from "./words/journal-record.ts";

/** Durable hosts: the one of ours, and the seams that a store or another engine is written against. */

export type { Codec } from "./durable/codec.ts";
export {
  DurableHost,
  type DurableHostOptions,
  type ForkOptions,
  type Resumed,
  type ResumeOptions,
} from "./durable/durable-host.ts";
export type {
  Append,
  Awaitable,
  Claim,
  ClaimResult,
  Creation,
  Holder,
  JournalStore,
  NewRun,
  RunQuery,
  StoredAnswer,
  StoredRun,
  StoredStatus,
} from "./durable/journal-store.ts";
export type { Durability } from "./durable/journal-writer.ts";
export { memoryHost } from "./durable/memory-host.ts";
export { memoryStore } from "./durable/memory-store.ts";
export type { AnyOrchestration } from "./durable/stored-runs.ts";
export type { JournalRecord, JournalRecordType } from "./words/journal-record.ts";

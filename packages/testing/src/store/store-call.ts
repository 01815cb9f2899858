/** Calls of a store as plain data: a model and a store are given the same, and what they give can be compared. */
import type { Append, JournalRecord, KeepableRequest, NewRun, RunQuery, RunRequest } from "@orch/core/host";

/** One call, as plain data. A claim is named by how many were given after it. */
export type StoreCall =
  | { readonly call: "create"; readonly run: number; readonly records: readonly JournalRecord[] }
  | { readonly call: "claim" | "delete" | "requests"; readonly run: number }
  | { readonly call: "open" }
  | { readonly call: "renew" | "release"; readonly claims: readonly number[] }
  | { readonly call: "append"; readonly batch: readonly AppendCall[] }
  | { readonly call: "load"; readonly run: number; readonly from: number }
  | { readonly call: "list"; readonly query: RunQuery }
  | { readonly call: "offer"; readonly run: number; readonly request: RunRequest }
  | {
      readonly call: "keep";
      readonly run: number;
      readonly request: KeepableRequest;
      readonly records: number;
      /** How many requests the run has to have; absent where that does not matter. */
      readonly requests?: number | undefined;
    }
  | { readonly call: "withdraw"; readonly run: number; readonly number: number };

/** One append of a batch. */
export interface AppendCall extends Pick<Append, "records" | "status" | "dueAt" | "verdicts"> {
  readonly claim: number;
  /** How far from the right number. */
  readonly off: number;
}

/** A call, when it is made, and through which handle. */
export interface StoreStep {
  readonly step: StoreCall;
  /** Milliseconds since the step before. */
  readonly after: number;
  readonly handle: number;
}

/** What a call gave, comparable: claims by number, an error by its code. */
export type Outcome = unknown;

/** How long a claim holds, in milliseconds. */
export const LEASE = 10;

/** The claims that a call names, as numbers in the order they were given. */
export function picked(back: readonly number[], given: readonly unknown[]): number[] {
  return back.filter((number) => number < given.length).map((number) => given.length - 1 - number);
}

/** The appends whose claims were given, with these as numbers. */
export function numbered(batch: readonly AppendCall[], given: readonly unknown[]): AppendCall[] {
  return batch.flatMap((one) => picked([one.claim], given).map((claim) => ({ ...one, claim })));
}

/** The id of a run by its number. */
export function idOf(run: number): string {
  return `run-${run}`;
}

/** A run by its number, as it is created. */
export function newRun(run: number, now: number): NewRun {
  return {
    runId: idOf(run),
    orchestration: run % 2 === 0 ? "even" : "odd",
    version: "1",
    hash: "h",
    createdAt: now,
    ...(run === 0 ? {} : { origin: { runId: idOf(0), record: run } }),
  };
}

/** Runs and records as the tests of stores write them. */
import type { Claim, JournalRecord, JournalStore, NewRun } from "@orch/core/host";
import { expect } from "vitest";

/** JSON text that is larger than what a store keeps among small things. */
export const LARGE: string = JSON.stringify("x".repeat(1_000_000));

/** A run that is not created yet. */
export function aRun(runId: string): NewRun {
  return { runId, orchestration: "o", version: "1", hash: "abc", createdAt: 1 };
}

/** A small record, told from others by its time. */
export function record(at: number): JournalRecord {
  return { type: "committed", at, path: `o/step#${at}`, value: `{"at":${at}}` };
}

/** Creates a run with so many records, claimed until 100. */
export async function created(store: JournalStore, runId: string, records: number): Promise<Claim> {
  const first = Array.from({ length: records }, (_, index) => record(index + 1));
  const claim = await store.create(aRun(runId), first, 100);
  expect(claim).not.toBe("exists");
  return claim as Claim;
}

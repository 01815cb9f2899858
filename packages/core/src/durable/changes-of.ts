import type { Append, StoredStatus } from "./journal-store.ts";

/** The changed columns of a run for the list of runs. */
export function changesOf(
  status: StoredStatus,
  before: StoredStatus,
  dueAt: number | null,
  dueBefore: number | null,
): Pick<Append, "status" | "dueAt"> {
  return { ...(status === before ? {} : { status }), ...(dueAt === dueBefore ? {} : { dueAt }) };
}

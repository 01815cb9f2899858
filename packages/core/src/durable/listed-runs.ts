/** Runs as a list shows them: with what they cost, and how long they took. */
import { OptionError } from "../errors/option-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Spending } from "../words/context.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import { isEnd, type JournalStore, type RunQuery, type StoredRun } from "./journal-store.ts";
import { readJson } from "./json.ts";
import { detailsOf } from "./record-codec.ts";

/** A run as a list shows it. */
export interface ListedRun extends StoredRun {
  /** From its start to its end, or until now, in milliseconds. */
  readonly duration: number;
  /** Tokens read and written by all of its states so far. */
  readonly tokens: number;
  /** In US dollars, as far as prices are known. */
  readonly cost: number;
}

/** Runs, newest first. @throws OptionError when the run that the list goes on after is not there. */
export async function listedRuns(
  store: JournalStore,
  clock: Clock,
  query: RunQuery,
): Promise<readonly ListedRun[]> {
  const { after, limit } = query;
  if (after !== undefined && (await store.get(after)) === undefined) {
    throw new OptionError("after", after, "the id of a run that is there");
  }
  if (limit !== undefined && !(limit >= 0)) throw new OptionError("limit", limit, "a number of 0 or more");
  const listed: ListedRun[] = [];
  for (const run of await store.list(query)) {
    const until = isEnd(run.status) ? run.updatedAt : clock.now();
    const duration = Math.max(0, until - run.createdAt);
    listed.push({ ...run, duration, ...spentIn((await store.load(run.runId)) ?? []) });
  }
  return listed;
}

/** What the records tell of tokens and money. What a retry took back is spent all the same. */
function spentIn(records: readonly JournalRecord[]): Pick<ListedRun, "tokens" | "cost"> {
  let [tokens, cost] = [0, 0];
  const count = (spending: Spending): void => {
    tokens += (spending.inputTokens ?? 0) + (spending.outputTokens ?? 0);
    cost += spending.cost ?? 0;
  };
  for (const { type, value, more } of records) {
    if (type === "spent") count(readJson(value!) as Spending);
    // Older journals have it with the record of the state that spent it.
    else if (more?.includes('"s":')) for (const one of detailsOf(more).s ?? []) count(one as Spending);
  }
  return { tokens, cost };
}

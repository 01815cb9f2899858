/**
 * The seam between the durable host and a place on disk. A store keeps runs, their journals and the
 * requests for them, without reading their contents. `storeConformance` of `@orch/testing` is the suite
 * that every store passes.
 *
 * Every method may be synchronous or not. A store that is synchronous costs a run no await.
 */

import type { JournalRecord } from "../words/journal-record.ts";
import type {
  Judged,
  KeepableRequest,
  RunRequest,
  StoredRequest,
  UndecidedRequests,
  Verdict,
} from "./stored-request.ts";

/** A value now or later. */
export type Awaitable<TValue> = TValue | Promise<TValue>;

/** Where a stored run is. `waiting`: it goes on only after a question is answered or a signal comes. */
export type StoredStatus = "running" | "waiting" | "completed" | "failed" | "cancelled";

/** Whether a run of this status has ended. */
export function isEnd(status: StoredStatus): boolean {
  return status !== "running" && status !== "waiting";
}

/** A run as a list shows it. */
export interface StoredRun {
  readonly runId: string;
  /** The orchestration's id. */
  readonly orchestration: string;
  /** The definition's version, as its author named it. */
  readonly version: string;
  /** The structural hash of the definition the run was started with. */
  readonly hash: string;
  readonly status: StoredStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When its last record was written, in milliseconds since the epoch. */
  readonly updatedAt: number;
  /** When its next timer is due, in milliseconds since the epoch; absent when none is set. */
  readonly dueAt?: number;
  /** How many records its journal has. */
  readonly records: number;
  /** Where a fork came from. */
  readonly origin?: { readonly runId: string; readonly record: number };
  /** The process that drives it; absent when none does. A list has no time: compare `until` to see whether the claim has run out. */
  readonly holder?: Holder;
}

/** Who drives a run. */
export interface Holder {
  /** For a reader, like `process 4711 on worker-1`. */
  readonly name: string;
  /** When the claim ends unless it is renewed, in milliseconds since the epoch; at that moment it is over. */
  readonly until: number;
}

/**
 * The right to write to a run. A later claim has a higher epoch, and ends this one; until then it may write, also when its
 * time is over. An epoch is never given twice for a run id, not even when the run was deleted and made anew.
 */
export interface Claim {
  readonly runId: string;
  readonly epoch: number;
}

/** What {@link JournalStore.claim} gives. */
export type ClaimResult =
  | { readonly kind: "claimed"; readonly claim: Claim }
  /** Another process drives the run. */
  | { readonly kind: "held"; readonly holder: Holder }
  | { readonly kind: "unknown" };

/** A run to be created. It is created with its first records and claimed, all in one step. */
export type NewRun = Pick<StoredRun, "runId" | "orchestration" | "version" | "hash" | "createdAt" | "origin">;

/** What creates one run of several. */
export interface Creation {
  readonly run: NewRun;
  readonly records: readonly JournalRecord[];
  readonly until: number;
}

/** Records to be added to one run. */
export interface Append {
  readonly claim: Claim;
  /** The number of the first of `records`; the journal has exactly one less. */
  readonly from: number;
  readonly records: readonly JournalRecord[];
  /** Set when it changed. With `completed`, `failed` or `cancelled` these are the last records of the claim: it ends with them. */
  readonly status?: StoredStatus;
  /** Set when it changed; `null` when no timer is set any more. */
  readonly dueAt?: number | null;
  /** What was decided about requests with these records. A request that is decided already stays as it is. */
  readonly verdicts?: readonly Verdict[];
}

/** Which runs to list; all conditions together. */
export interface RunQuery {
  readonly orchestration?: string;
  /** Only runs whose ids begin with this. */
  readonly prefix?: string;
  readonly status?: StoredStatus | readonly StoredStatus[];
  /** Only runs with a timer due by then, in milliseconds since the epoch. */
  readonly dueBefore?: number;
  /** Only runs whose last record is older, in milliseconds since the epoch. */
  readonly updatedBefore?: number;
  /** Default 100. */
  readonly limit?: number;
  /** Only runs that stand after this one in a list of all runs, which are those created before it: the last run of a page leads to the next. */
  readonly after?: string;
}

/**
 * Keeps the runs of a durable host.
 *
 * A call that changed nothing because the place is locked or has no room throws an error with the field `pauses`, which
 * is `"locked"` or `"full"`. The host then makes the call again until it succeeds, and the runs that write are paused.
 */
export interface JournalStore {
  /** Whether other processes may write to it: then a host looks for requests now and then. */
  readonly shared: boolean;
  /** From now on no call holds the thread for longer than so many milliseconds while another process has the place locked. Absent where no call does. */
  readonly holdAtMost?: (ms: number) => void;
  /** Creates a run with its first records and claims it until `until`. `exists`: there is one of this id; nothing was changed. */
  readonly create: (
    run: NewRun,
    records: readonly JournalRecord[],
    until: number,
  ) => Awaitable<Claim | "exists">;
  /**
   * Creates several runs in one transaction, each as `create` does it; gives what that gives, in their order. When it
   * throws none of them is created. Absent where
   * that costs as much as one by one. Who wraps a store to see what is written wraps this too.
   */
  readonly createAll?: (creations: readonly Creation[]) => Awaitable<readonly (Claim | "exists")[]>;
  /**
   * Claims a run until `until`, if no process holds it at `now`, this store included. A claim whose process is known to have
   * ended counts as over.
   */
  readonly claim: (runId: string, now: number, until: number) => Awaitable<ClaimResult>;
  /** Prolongs claims. Gives those that do not hold any more. */
  readonly renew: (claims: readonly Claim[], until: number) => Awaitable<readonly Claim[]>;
  /** Ends claims, if they still hold. */
  readonly release: (claims: readonly Claim[]) => Awaitable<void>;
  /**
   * Adds records to several runs in one transaction, on disk when it returns or resolves. Gives the
   * claims that do not hold any more, of whose records nothing was written. A status that says that
   * the run has ended ends its claim in the same transaction, so that no caller has to release it.
   *
   * @throws OrchError `ORCH_JOURNAL_POSITION` when a claim holds and `from` is not the next number: nothing of the whole
   * batch was written.
   */
  readonly append: (batch: readonly Append[]) => Awaitable<readonly Claim[]>;
  /** The records of a run from number `from` (default 1), in order; `undefined` for a run that is not there. */
  readonly load: (runId: string, from?: number) => Awaitable<readonly JournalRecord[] | undefined>;
  readonly get: (runId: string) => Awaitable<StoredRun | undefined>;
  /** The run that was created last comes first. */
  readonly list: (query: RunQuery) => Awaitable<readonly StoredRun[]>;
  /**
   * Puts a request before the process that drives the run, and gives its number. `free`: no process drives the run at
   * `now`; nothing was changed.
   */
  readonly offer: (runId: string, request: RunRequest, now: number) => Awaitable<number | "free" | "unknown">;
  /**
   * Keeps an answer or a signal for a run that no process drives, and gives its number; a claim that has run out ends with
   * this. Nothing is changed when a process drives the run (`held`), when it has not as many records, or requests where
   * these are given, as were `judged` (`moved`), or when an answer to the question is kept already (`answered`).
   */
  readonly keep: (
    runId: string,
    request: KeepableRequest,
    judged: Judged,
  ) => Awaitable<number | "held" | "moved" | "answered" | "unknown">;
  /** Takes back a request that is open: it becomes `refused`. Gives it as it is then; `undefined` for one that is not there. */
  readonly withdraw: (runId: string, number: number) => Awaitable<StoredRequest | undefined>;
  /** Every request ever made of a run, oldest first. */
  readonly requests: (runId: string) => Awaitable<readonly StoredRequest[]>;
  /** Those requests of a run that are not decided. Absent where that costs as much as to read all. */
  readonly undecided?: (runId: string) => Awaitable<UndecidedRequests>;
  /** The open requests of all runs, those of a run oldest first. Called often: it costs next to nothing while nothing has changed. */
  readonly openRequests: () => Awaitable<readonly StoredRequest[]>;
  /**
   * Calls `heard` when a request was made or decided through this store, and when a claim ended. Gives a function that ends it. Absent where
   * other processes write too, so that nothing tells of all of them.
   */
  readonly listen?: (heard: () => void) => () => void;
  /** A value that is another one when something was written by any process. Asked often. Absent where the store does not know. */
  readonly changes?: () => Awaitable<string>;
  /** Keeps a text under a name, for good; a text that is kept under it already stays. Absent where no run is to be read without its code. */
  readonly putGraph?: (name: string, graph: string) => Awaitable<void>;
  /** What is kept under a name. */
  readonly graph?: (name: string) => Awaitable<string | undefined>;
  /**
   * Keeps a text for a run in the place of the one before. It is a cache: a store may lose it at any time, and removes it
   * with the run. Absent where none is kept.
   */
  readonly putSnapshot?: (runId: string, snapshot: string) => Awaitable<void>;
  /** The text that is kept for a run; `undefined` where there is none. */
  readonly snapshot?: (runId: string) => Awaitable<string | undefined>;
  /** Removes a run with all that belongs to it. `held`: a process drives it; `unknown`: there is no such run. */
  readonly delete: (runId: string, now: number) => Awaitable<"deleted" | "held" | "unknown">;
  /** Ends everything the store holds open; on a place that others share, its claims too. A second call does nothing. */
  readonly close: () => Awaitable<void>;
}

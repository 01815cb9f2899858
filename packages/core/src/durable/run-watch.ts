/** Follows all runs of a store. */
import type { Clock } from "../platform/clock.ts";
import {
  isEnd,
  type JournalStore,
  type RunQuery,
  type StoredRun,
  type StoredStatus,
} from "./journal-store.ts";
import { nextLook } from "./next-look.ts";

/** Something that happened to a run. */
export interface RunChange {
  /** `started`: it is new, or goes on after its end by a retry. `waiting`, `running`: it waits for an answer, or works again. */
  readonly change: "started" | "waiting" | "running" | "ended";
  /** The run as it is since then. */
  readonly run: StoredRun;
}

/** How all runs are followed. */
export interface WatchOptions {
  /** Ends the watching when it is aborted. */
  readonly signal?: AbortSignal;
}

const PAGE = 100;
const OPEN: RunQuery = { status: ["running", "waiting"], limit: Number.MAX_SAFE_INTEGER };

/**
 * Tells of every run that is open, and then of every run that starts, waits, goes on or ends, whichever process drives it.
 * A run that does several of these between two looks is told with the last, and always with its start and its end.
 */
export async function* watchRuns(
  store: JournalStore,
  clock: Clock,
  { signal }: WatchOptions,
): AsyncGenerator<RunChange, void, undefined> {
  const watch = new RunWatch(store);
  while (!signal?.aborted) {
    for (const change of await watch.look()) {
      if (signal?.aborted) return;
      yield change;
    }
    await nextLook(clock, signal);
  }
}

class RunWatch {
  readonly #store: JournalStore;
  /** The open runs, as they were told. */
  readonly #open = new Map<string, StoredStatus>();
  /** The newest run of the last look; absent before the first. */
  #newest: { readonly runId: string | undefined } | undefined;
  #changes: unknown;

  constructor(store: JournalStore) {
    this.#store = store;
  }

  async look(): Promise<readonly RunChange[]> {
    const changes = await this.#store.changes?.();
    if (changes !== undefined && changes === this.#changes) return [];
    this.#changes = changes;
    const told: RunChange[] = [];
    for (const run of await this.#since()) this.#tellNew(run, told);
    const open = new Map((await this.#store.list(OPEN)).map((run) => [run.runId, run]));
    for (const [runId, status] of [...this.#open]) {
      const run = open.get(runId);
      if (run !== undefined && run.status !== status) this.#tell(run, told);
      if (run === undefined) await this.#tellGone(runId, told);
    }
    // What is open and was not, goes on after its end.
    for (const run of [...open.values()].reverse()) if (!this.#open.has(run.runId)) this.#tellNew(run, told);
    return told;
  }

  /** The runs that were created since the last look, oldest first; none at the first. */
  async #since(): Promise<readonly StoredRun[]> {
    const last = this.#newest;
    const found: StoredRun[] = [];
    let query: RunQuery = { limit: last === undefined ? 1 : PAGE };
    for (;;) {
      const page = await this.#store.list(query);
      const place = page.findIndex(({ runId }) => runId === last?.runId);
      found.push(...(place === -1 ? page : page.slice(0, place)));
      if (last === undefined || place !== -1 || page.length < PAGE) break;
      query = { limit: PAGE, after: page.at(-1)!.runId };
    }
    this.#newest = { runId: found[0]?.runId ?? last?.runId };
    return last === undefined ? [] : found.reverse();
  }

  #tellNew(run: StoredRun, told: RunChange[]): void {
    told.push({ change: "started", run });
    if (run.status === "running") this.#open.set(run.runId, run.status);
    else this.#tell(run, told);
  }

  #tell(run: StoredRun, told: RunChange[]): void {
    if (isEnd(run.status)) {
      this.#open.delete(run.runId);
      told.push({ change: "ended", run });
    } else {
      this.#open.set(run.runId, run.status);
      told.push({ change: run.status as "running" | "waiting", run });
    }
  }

  /** A run is open no more: it has ended, or was removed. */
  async #tellGone(runId: string, told: RunChange[]): Promise<void> {
    const run = await this.#store.get(runId);
    if (run === undefined) this.#open.delete(runId);
    else if (isEnd(run.status)) this.#tell(run, told);
  }
}

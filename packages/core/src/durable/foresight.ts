import type { Codec } from "./codec.ts";
import type { Folded } from "./folded.ts";
import { Foreseen } from "./foreseen.ts";
import type { JournalStore } from "./journal-store.ts";
import { judgeKept } from "./kept-requests.ts";
import type { StoredRequest } from "./stored-request.ts";
import type { StoredJournal, StoredRuns } from "./stored-runs.ts";
import { undecidedRequests } from "./undecided-requests.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What foreseeing needs of a host. */
export interface ForesightParts {
  readonly store: JournalStore;
  readonly runs: StoredRuns;
  readonly codec: Codec;
}

/** A run as it will be when what was kept for it is taken: what is open in it, and how its questions ended. */
export type ForeseenState = Pick<Folded, "run" | "open" | "questions">;

/** A run that was read, and what was kept for it. */
export interface ForeseenRun {
  /** As its journal has it. */
  readonly read: StoredJournal;
  /** As it will be when what was kept is taken; where nothing was, the state of `read` itself. */
  readonly foreseen: ForeseenState;
  /** What was kept, oldest first. */
  readonly requests: readonly StoredRequest[];
  /** How many requests were ever made of it. */
  readonly made: number;
}

/** Takes what was kept for runs that no process drives, to see what it does, so that a new answer or signal is judged by it. */
export class Foresight {
  readonly #parts: ForesightParts;
  /** Of runs that were looked at: how far they were foreseen. */
  readonly #known = new WeakMap<
    Folded,
    { readonly numbers: readonly number[]; readonly foreseen: Foreseen }
  >();
  /** Of runs for which nothing was kept when they were looked at: how many requests were made of them. */
  readonly #empty = new WeakMap<Folded, number>();

  constructor(parts: ForesightParts) {
    this.#parts = parts;
  }

  /**
   * Reads a run for one who only looks at it. Where nothing was kept for it at the last look, `isLast` takes that for true:
   * who keeps something with `made` hears when it is not.
   */
  async look(orchestration: AnyOrchestration, runId: string, isLast = false): Promise<ForeseenRun> {
    const { store, runs } = this.#parts;
    for (;;) {
      const read = await runs.look(orchestration, runId);
      const last = isLast ? this.#empty.get(read.folded) : undefined;
      if (last !== undefined) return { read, foreseen: read.folded, requests: [], made: last };
      const { requests: undecided, made } = await undecidedRequests(store, runId);
      const requests = undecided.filter(({ state }) => state === "kept");
      if (requests.length === 0) {
        this.#empty.set(read.folded, made);
        return { read, foreseen: read.folded, requests, made };
      }
      const foreseen = await this.#foresee(orchestration, read, requests);
      // Where a process wrote more of it meanwhile, it is looked at again.
      if (foreseen !== undefined) return { read, foreseen, requests, made };
    }
  }

  async #foresee(
    orchestration: AnyOrchestration,
    { folded, stored, count }: StoredJournal,
    requests: readonly StoredRequest[],
  ): Promise<Foreseen | undefined> {
    const { runs, codec } = this.#parts;
    const known = this.#known.get(folded);
    // Whoever else looks meanwhile takes it all anew.
    this.#known.delete(folded);
    let [foreseen, seen] = [known?.foreseen, known?.numbers.length ?? 0];
    if (
      foreseen === undefined ||
      known?.numbers.some((number, place) => requests[place]?.number !== number)
    ) {
      const own = await runs.own(orchestration, stored.runId);
      if (own.count !== count) return undefined;
      [foreseen, seen] = [new Foreseen(own.folded, codec), 0];
    }
    // What has no place in this definition keeps the run from being taken up, and does nothing in it.
    const { arrivals } = await judgeKept(requests.slice(seen), foreseen, orchestration, codec, true);
    foreseen.take(arrivals);
    this.#known.set(folded, { numbers: requests.map(({ number }) => number), foreseen });
    return foreseen;
  }
}

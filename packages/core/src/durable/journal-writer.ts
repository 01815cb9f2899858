/**
 * Writes records at the level of durability that was asked for.
 *
 *     step     every commit is on disk before what follows from it begins
 *     group    what follows begins at once; the commits of all runs of one turn share a transaction
 *     end      a run is written when it ends, waits or is suspended
 */
import { endOfTurn } from "../platform/clock.ts";
import type { Append, Awaitable, Claim, Creation, JournalStore } from "./journal-store.ts";
import type { Patience } from "./patience.ts";

/** When a commit has to be on disk. */
export type Durability = "step" | "group" | "end";

/** Appends that go to the store in one transaction. */
interface Batch {
  readonly appends: Append[];
  /** Resolves when they are on disk, with the ids of the runs that another process has taken over. */
  readonly written: PromiseWithResolvers<ReadonlySet<string>>;
}

/** Runs that are created in one transaction. */
interface Begun {
  readonly creations: Creation[];
  /** Resolves when they are on disk, with what became of each. */
  readonly created: PromiseWithResolvers<readonly (Claim | "exists")[]>;
}

const NONE_LOST: ReadonlySet<string> = new Set();

/** The one way of a host's records to its store. */
export class JournalWriter {
  readonly #store: JournalStore;
  readonly #level: Durability;
  readonly #patience: Patience;
  #batch: Batch | undefined;
  #begun: Begun | undefined;
  /** Appends that wait for their run to end, by run. */
  readonly #kept = new Map<string, Append[]>();
  #flushing: Promise<unknown> | undefined;

  constructor(store: JournalStore, level: Durability, patience: Patience) {
    this.#store = store;
    this.#level = level;
    this.#patience = patience;
  }

  /**
   * Takes records; `urgent` when the run ends or waits with them. Gives the runs that were lost to
   * others, or a promise of them where the records are not on disk yet.
   */
  write(append: Append, urgent: boolean): ReadonlySet<string> | Promise<ReadonlySet<string>> {
    if (this.#level === "step" && this.#batch === undefined && this.#flushing === undefined) {
      const lost = this.#append([append]);
      if (!(lost instanceof Promise)) return namesOf(lost);
      this.#flushing = lost.catch(() => {}).then(() => this.#flushed());
      return lost.then(namesOf);
    }
    if (this.#level === "end" && !urgent) {
      const { runId } = append.claim;
      const kept = this.#kept.get(runId);
      if (kept === undefined) this.#kept.set(runId, [append]);
      else kept.push(append);
      return NONE_LOST;
    }
    return this.#enqueue(append);
  }

  /** Creates a run: at once at level `step`, at the others together with those that begin in the same turn. */
  create(creation: Creation): Awaitable<Claim | "exists"> {
    if (this.#level === "step" || this.#store.createAll === undefined) {
      return this.#create(creation);
    }
    if (this.#begun === undefined) {
      this.#begun = { creations: [], created: Promise.withResolvers() };
      endOfTurn(() => this.#createAll());
    }
    const { creations, created } = this.#begun;
    const place = creations.push(creation) - 1;
    return created.promise.then((all) => all[place]!);
  }

  /** Writes what is still held back of a run. */
  async settle(runId: string): Promise<void> {
    const kept = this.#kept.get(runId);
    if (kept !== undefined) {
      this.#kept.delete(runId);
      for (const append of kept) this.#batched().appends.push(append);
    }
    await this.#flushing;
    await this.#batch?.written.promise;
  }

  /** Drops what is still held back of a run that is not driven any more. */
  forget(runId: string): void {
    this.#kept.delete(runId);
  }

  #enqueue(append: Append): Promise<ReadonlySet<string>> {
    const batch = this.#batched();
    const { runId } = append.claim;
    const kept = this.#kept.get(runId);
    if (kept !== undefined) {
      this.#kept.delete(runId);
      batch.appends.push(...kept);
    }
    batch.appends.push(append);
    return batch.written.promise;
  }

  #batched(): Batch {
    if (this.#batch === undefined) {
      this.#batch = { appends: [], written: Promise.withResolvers() };
      if (this.#flushing === undefined) endOfTurn(() => this.#flush());
    }
    return this.#batch;
  }

  #flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    try {
      const lost = this.#append(batch.appends);
      if (lost instanceof Promise) {
        this.#flushing = lost
          .then(
            (claims) => batch.written.resolve(namesOf(claims)),
            (error: unknown) => this.#failed(batch, error),
          )
          .then(() => this.#flushed());
      } else {
        batch.written.resolve(namesOf(lost));
      }
    } catch (error) {
      this.#failed(batch, error);
    }
  }

  #createAll(): void {
    const { creations, created } = this.#begun!;
    this.#begun = undefined;
    try {
      // A promise of the store is taken over, with its failure.
      const act = (waited: number): Awaitable<readonly (Claim | "exists")[]> =>
        this.#store.createAll!(creations.map((one) => ({ ...one, until: one.until + waited })));
      created.resolve(patiently(act, this.#patience));
    } catch (error) {
      created.reject(error);
    }
  }

  /** No closure is made for a write that succeeds at once. */
  #append(batch: readonly Append[]): Awaitable<readonly Claim[]> {
    try {
      const lost = this.#store.append(batch);
      return lost instanceof Promise ? lost.catch((error: unknown) => this.#again(batch, error)) : lost;
    } catch (error) {
      return this.#again(batch, error);
    }
  }

  #again(batch: readonly Append[], error: unknown): Promise<readonly Claim[]> {
    return this.#patience.write(error, () => this.#store.append(batch));
  }

  /** A claim holds from when it is made, however long that took. */
  #create({ run, records, until }: Creation): Awaitable<Claim | "exists"> {
    return patiently((waited) => this.#store.create(run, records, until + waited), this.#patience);
  }

  /** Drops the later records of a run after a failed write: they would leave a gap in its journal. */
  #failed({ appends, written }: Batch, error: unknown): void {
    const runs = new Set(appends.map(({ claim }) => claim.runId));
    const next = this.#batch?.appends ?? [];
    const kept = next.filter(({ claim }) => !runs.has(claim.runId));
    next.splice(0, next.length, ...kept);
    written.reject(error);
  }

  #flushed(): void {
    this.#flushing = undefined;
    this.#flush();
  }
}

/** Makes a write, and makes it again while the store is locked or full. */
function patiently<TValue>(
  act: (waited: number) => Awaitable<TValue>,
  patience: Patience,
): Awaitable<TValue> {
  try {
    const made = act(0);
    return made instanceof Promise ? made.catch((error: unknown) => patience.write(error, act)) : made;
  } catch (error) {
    return patience.write(error, act);
  }
}

function namesOf(claims: readonly { readonly runId: string }[]): ReadonlySet<string> {
  return claims.length === 0 ? NONE_LOST : new Set(claims.map(({ runId }) => runId));
}

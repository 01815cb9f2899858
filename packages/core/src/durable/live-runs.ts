/** The runs that this process drives on one store, and their claims. */
import { FencedError } from "../errors/fenced-error.ts";
import { NotWrittenError } from "../errors/not-written-error.ts";
import type { CancelTimer } from "../platform/clock.ts";
import { DurableRun, type LiveShared, type LiveSpec, type RunRegister } from "./durable-run.ts";
import type { Claim } from "./journal-store.ts";
import { OpenRequests } from "./open-requests.ts";
import { passes } from "./patience.ts";

/** How soon a renewal that met a locked or full store is tried again, in milliseconds. */
const SOON = 1_000;

/** Drives runs, and keeps their claims. */
export class LiveRuns implements RunRegister {
  readonly #shared: LiveShared;
  readonly #runs = new Map<string, DurableRun>();
  /** Claims that a broken store could not release, by run. */
  readonly #unreleased = new Map<string, Claim>();
  readonly #requests: OpenRequests;
  #renewal: CancelTimer | undefined;

  constructor(shared: LiveShared) {
    this.#shared = shared;
    this.#requests = new OpenRequests(shared.store, shared.clock, (request) =>
      this.#runs.get(request.runId)?.take(request),
    );
  }

  get(runId: string): DurableRun | undefined {
    return this.#runs.get(runId);
  }

  /** Releases the claim of a run that stopped because of its store, so that this process can resume it at once. */
  async release(runId: string): Promise<void> {
    const claim = this.#unreleased.get(runId);
    if (claim === undefined) return;
    await this.#shared.store.release([claim]);
    this.#unreleased.delete(runId);
  }

  /** Suspends all of them. Gives an error that names the runs of which something could not be written. */
  async suspend(): Promise<Error | undefined> {
    const all = [...this.#runs.values()];
    await Promise.all(all.map((live) => live.suspend()));
    const runs = all.flatMap(({ driver: { pause } }) => pause.unwritten ?? []);
    const [first] = runs;
    if (first === undefined) return undefined;
    const named = runs.map(({ runId, records }) => ({ runId, records }));
    return new NotWrittenError({ runId: first.runId, runs: named }, first.cause);
  }

  /** A write could not be made, because the store is locked or full: the runs that wait for it are paused. */
  paused(): void {
    for (const { driver } of this.#runs.values()) driver.pause.tell();
  }

  open(spec: LiveSpec): DurableRun {
    return new DurableRun(spec, this.#shared, this);
  }

  add(run: DurableRun): void {
    this.#runs.set(run.id, run);
    this.#renewal ??= this.#renewLater();
    this.#requests.begin();
  }

  async remove({ id, driver }: DurableRun): Promise<void> {
    this.#runs.delete(id);
    this.#shared.writer.forget(id);
    if (this.#runs.size === 0) {
      this.#renewal?.();
      this.#renewal = undefined;
      this.#requests.end();
    }
    const { claim } = driver.journal;
    if (claim === undefined) return;
    try {
      await this.#shared.store.release([claim]);
    } catch {
      // What a store could not write was said by the write. The claim ends with its time or with the process,
      // or when the run is resumed here.
      this.#unreleased.set(claim.runId, claim);
    }
  }

  /** `soon`: the store was locked or full, and the claims have to be renewed as soon as it is not. */
  #renewLater(soon = false): CancelTimer {
    const { clock, lease, store } = this.#shared;
    const renewal = clock.after(soon ? Math.min(SOON, lease / 3) : lease / 3, async () => {
      let retry: boolean;
      for (const { snapshots } of this.#runs.values()) snapshots.look();
      const claims = [...this.#runs.values()].flatMap(({ driver }) => driver.journal.claim ?? []);
      try {
        for (const { runId } of await store.renew(claims, clock.now() + lease)) {
          this.#runs.get(runId)?.driver.halt(new FencedError({ runId }));
        }
        retry = false;
      } catch (error) {
        // The next write says what is wrong with the store; a claim that was not renewed may still hold.
        retry = passes(error);
      }
      // Another renewal may have begun while this one was under way.
      if (this.#renewal !== renewal) return;
      this.#renewal = this.#runs.size === 0 ? undefined : this.#renewLater(retry);
    });
    return renewal;
  }
}

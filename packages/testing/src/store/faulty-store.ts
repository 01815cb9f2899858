import type { JournalStore } from "@orch/core/host";
import { FaultError } from "../errors/fault-error.ts";

/** How a {@link faultyStore} fails. */
export interface StoreFaults {
  /** Which write fails, from 1. A write is a `create`, a `createAll`, an `append`, an `offer` or a `keep`. */
  readonly at: number;
  /** Whether the write that fails is kept all the same, as when a process dies after the disk has it and before it heard so. */
  readonly kept?: boolean;
  /** Whether all that comes later fails too, as after the end of a process or on a full disk. Default true. */
  readonly forGood?: boolean;
  /** The store is locked or full for a while: so many tries to write fail, from the `at`-th write on, and change nothing. */
  readonly pauses?: { readonly why: "locked" | "full"; readonly tries: number };
  /** Whether every write gives a promise, which rejects when the write fails. Default false. */
  readonly later?: boolean;
}

/** A store that fails on purpose. */
export interface FaultyStore extends JournalStore {
  /** Whether the fault has come. */
  readonly hasFailed: () => boolean;
  /** How many writes there were, with the tries that failed in a pause. */
  readonly writes: () => number;
}

/**
 * Wraps a store so that its `at`-th write fails: for tests of what a crash, a full disk or a lost
 * connection at this very moment does.
 *
 * @example
 * ```ts
 * const host = new DurableHost(faultyStore(memoryStore(), { at: 3 }));
 * await expect(flow.run("in", { host })).rejects.toMatchObject({ code: "ORCH_NOT_WRITTEN" });
 * ```
 */
export function faultyStore(store: JournalStore, faults: StoreFaults): FaultyStore {
  const { at, kept = false, pauses, forGood = pauses === undefined, later = false } = faults;
  let writes = 0;
  let failed = false;
  const fail = (): never => {
    failed = true;
    throw new FaultError({ passage: writes, door: "store" }, pauses?.why);
  };
  const last = at + (pauses?.tries ?? 1) - 1;
  const writeNow = <TResult>(act: () => TResult): TResult => {
    if (failed && forGood) return fail();
    writes += 1;
    if (writes < at || writes > last) return act();
    if (kept) act();
    return fail();
  };
  const write = <TResult>(act: () => TResult): TResult => {
    if (!later) return writeNow(act);
    return Promise.resolve().then(() => writeNow(act)) as TResult;
  };
  const other = <TResult>(act: () => TResult): TResult => (failed && forGood ? fail() : act());
  return {
    ...store,
    ...(store.createAll === undefined
      ? {}
      : { createAll: (creations) => write(() => store.createAll!(creations)) }),
    create: (run, records, until) => write(() => store.create(run, records, until)),
    append: (batch) => write(() => store.append(batch)),
    offer: (runId, request, now) => write(() => store.offer(runId, request, now)),
    keep: (runId, answer, judged) => write(() => store.keep(runId, answer, judged)),
    claim: (runId, now, until) => other(() => store.claim(runId, now, until)),
    renew: (claims, until) => other(() => store.renew(claims, until)),
    // A process that is gone releases nothing.
    release: (claims) => (failed && forGood ? undefined : store.release(claims)),
    load: (runId, from) => other(() => store.load(runId, from)),
    get: (runId) => other(() => store.get(runId)),
    requests: (runId) => other(() => store.requests(runId)),
    ...(store.undecided === undefined
      ? {}
      : { undecided: (runId: string) => other(() => store.undecided!(runId)) }),
    openRequests: () => other(() => store.openRequests()),
    withdraw: (runId, number) => other(() => store.withdraw(runId, number)),
    ...(store.putSnapshot === undefined
      ? {}
      : {
          putSnapshot: (runId: string, snapshot: string) => other(() => store.putSnapshot!(runId, snapshot)),
        }),
    hasFailed: () => failed,
    writes: () => writes,
  };
}

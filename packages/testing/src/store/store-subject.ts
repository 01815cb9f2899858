/** A store under the calls that its model is given, with claims named alike: every store has epochs of its own. */
import { isDeepStrictEqual } from "node:util";
import type { Append, Claim, JournalStore, StoredRequest } from "@orch/core/host";
import {
  type AppendCall,
  idOf,
  LEASE,
  newRun,
  numbered,
  type Outcome,
  picked,
  type StoreStep,
} from "./store-call.ts";

/** Applies the calls of a test to a real store. */
export class StoreSubject {
  readonly #handles: readonly JournalStore[];
  readonly #claims: Claim[] = [];

  constructor(handles: readonly JournalStore[]) {
    this.#handles = handles;
  }

  /** What a call gave. `next` tells the right number for an append under a claim. */
  async call({ step, handle }: StoreStep, now: number, next: (claim: number) => number): Promise<Outcome> {
    const store = this.#handles[handle % this.#handles.length]!;
    switch (step.call) {
      case "create": {
        const made = await store.create(newRun(step.run, now), step.records, now + LEASE);
        return made === "exists" ? made : this.#named(made);
      }
      case "claim": {
        const claimed = await store.claim(idOf(step.run), now, now + LEASE);
        if (claimed.kind === "claimed") return this.#named(claimed.claim);
        return claimed.kind === "held" ? `held until ${claimed.holder.until}` : claimed.kind;
      }
      case "renew":
        return this.#numbers(await store.renew(this.#picked(step.claims), now + LEASE));
      case "release":
        await store.release(this.#picked(step.claims));
        return undefined;
      case "append":
        return this.#append(store, step.batch, next);
      case "load":
        return store.load(idOf(step.run), step.from);
      case "list":
        return (await store.list(step.query)).map((run) =>
          run.holder === undefined ? run : { ...run, holder: { ...run.holder, name: "" } },
        );
      case "offer":
        return store.offer(idOf(step.run), step.request, now);
      case "keep":
        return store.keep(idOf(step.run), step.request, {
          records: step.records,
          now,
          ...(step.requests !== undefined && { requests: step.requests }),
        });
      case "withdraw":
        return store.withdraw(idOf(step.run), step.number);
      case "requests":
        return this.#requests(store, idOf(step.run));
      case "open":
        return (await store.openRequests()).toSorted(byRun);
      case "delete":
        return store.delete(idOf(step.run), now);
    }
  }

  /** All requests of a run; those that are not decided are asked for too, and have to be the same. */
  async #requests(store: JournalStore, runId: string): Promise<Outcome> {
    const all = await store.requests(runId);
    const undecided = await store.undecided?.(runId);
    const requests = all.filter(({ state }) => state === "open" || state === "kept");
    const isSame = isDeepStrictEqual(undecided, { requests, made: all.length });
    return undecided === undefined || isSame ? all : { all, undecided };
  }

  async #append(
    store: JournalStore,
    batch: readonly AppendCall[],
    next: (claim: number) => number,
  ): Promise<Outcome> {
    const lengths = new Map<string, number>();
    const appends = numbered(batch, this.#claims).map(({ claim, off, ...rest }): Append => {
      const its = this.#claims[claim]!;
      // A second append to the same run goes on where the first one of the batch ends.
      const key = `${its.runId} ${its.epoch}`;
      const from = lengths.get(key) ?? next(claim);
      lengths.set(key, from + rest.records.length);
      return { ...rest, claim: its, from: from + off };
    });
    try {
      return this.#numbers(await store.append(appends));
    } catch (error) {
      return (error as { readonly code?: string }).code ?? error;
    }
  }

  #named(claim: Claim): Outcome {
    this.#claims.push(claim);
    return `claim ${this.#claims.length - 1}`;
  }

  #picked(numbers: readonly number[]): Claim[] {
    return picked(numbers, this.#claims).map((number) => this.#claims[number]!);
  }

  #numbers(claims: readonly Claim[]): number[] {
    return claims.map((claim) =>
      this.#claims.findIndex(({ runId, epoch }) => runId === claim.runId && epoch === claim.epoch),
    );
  }
}

function byRun(one: StoredRequest, other: StoredRequest): number {
  return one.runId.localeCompare(other.runId) || one.number - other.number;
}

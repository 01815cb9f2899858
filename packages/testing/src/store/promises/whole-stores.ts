/** A store's promises about all of it: it can be closed, and it behaves as the model does. */

import type { JournalStore } from "@orch/core/host";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { StoreModel } from "../store-model.ts";
import { storeSteps } from "../store-steps.ts";
import { StoreSubject } from "../store-subject.ts";
import { created, record } from "./sample-runs.ts";

/** Registers the tests of these promises. `sequences` is how many random sequences of calls are compared with the model. */
export function wholePromises(stores: OpenedStores<JournalStore>, sequences: number): void {
  it("closes twice, and what was written is there for whoever opens it again", () => closesTwice(stores));
  it("keeps a graph under its name for good, and shows it to whoever opens the store again", () =>
    keepsGraphs(stores));
  it("behaves as a store that is right by reading it, whatever is called in whatever order", () =>
    behavesAsTheModel(stores, sequences));
}

async function closesTwice(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 3);
  await store.close();
  await store.close();
  const next = await stores.another();
  if (next === undefined) return;
  expect(await next.load("r")).toEqual([record(1), record(2), record(3)]);
  // Its claims ended with it.
  expect(await next.claim("r", 1, 2)).toMatchObject({ kind: "claimed" });
}

async function keepsGraphs(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  // A store without graphs keeps runs that cannot be read without their code.
  if (store.putGraph === undefined) return;
  await store.putGraph("g", '{"id":"first"}');
  await store.putGraph("g", '{"id":"second"}');
  expect([await store.graph!("g"), await store.graph!("other")]).toEqual(['{"id":"first"}', undefined]);
  const next = await stores.another();
  expect(await next?.graph?.("g")).toBe(next && '{"id":"first"}');
}

async function behavesAsTheModel(stores: OpenedStores<JournalStore>, sequences: number): Promise<void> {
  await fc.assert(
    fc
      .asyncProperty(storeSteps(), async (steps) => {
        const first = await stores.fresh();
        const subject = new StoreSubject([first, await stores.second()]);
        const model = new StoreModel();
        let now = 0;
        for (const step of steps) {
          now += step.after;
          const got = await subject.call(step, now, (claim) => model.next(claim));
          expect(got, JSON.stringify(step)).toEqual(model.expect(step.step, now));
        }
      })
      .afterEach(() => stores.close()),
    { numRuns: sequences },
  );
}

/** What every durable host does, as tests: flows of every kind, each with a crash before and after every write. */
import type { DurableHostOptions, JournalStore } from "@orch/core/host";
import { afterEach, describe, expect, it } from "vitest";
import { hostFlows } from "./host-flows.ts";
import { HostLife, isFault } from "./host-life.ts";
import { faultyStore, type StoreFaults } from "./store/faulty-store.ts";

/** Where the runs of a test are kept. */
export interface HostPlace {
  /** Opens a store on the place; called once per process that lives on it, so several times on one place. */
  readonly store: () => JournalStore;
  /** Called after the test. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** How hosts are tried. */
export interface HostConformanceOptions extends Pick<DurableHostOptions, "durability"> {
  /** How often a run crashes at most on its way. Default 1; with 2 the process that takes the run up crashes at its first write too. */
  readonly crashes?: 1 | 2;
}

/**
 * Describes the tests that a durable host passes on a store, in vitest. `make` gives a fresh, empty place each time.
 *
 * @example
 * ```ts
 * describe("on SQLite", () => hostConformance(() => ({ store: () => sqliteStore(freshFile()) })));
 * ```
 */
export function hostConformance(
  make: () => HostPlace | Promise<HostPlace>,
  options: HostConformanceOptions = {},
): void {
  const { durability = "step", crashes = 1 } = options;
  let places: HostPlace[] = [];
  const fresh = async (): Promise<HostPlace> => {
    const place = await make();
    places.push(place);
    return place;
  };
  afterEach(async () => {
    for (const place of places) await place.cleanUp?.();
    places = [];
  });

  describe.each(hostFlows.map((flow) => [flow.name, flow] as const))("%s", (_name, flow) => {
    /** Lives the flow with these faults, one process each, and a last one that ends it. Gives whether all were met. */
    const live = async (faults: readonly StoreFaults[]): Promise<boolean> => {
      const place = await fresh();
      const life = new HostLife(flow, durability);
      let met = true;
      for (const fault of faults) met = met && (await crash(life, place.store(), fault));
      const store = place.store();
      if (met) await life.live(store);
      expect(life.problems()).toEqual([]);
      expect(await life.journalProblems(store)).toEqual([]);
      await store.close();
      return met;
    };

    it("ends as it does in memory", async () => {
      await live([]);
    });

    for (const kept of [false, true]) {
      it(`ends so with a crash ${kept ? "after" : "before"} every write is on disk`, async () => {
        const more = crashes === 2 ? [{ at: 1, kept }] : [];
        for (let at = 1; await live([{ at, kept }, ...more]); at++);
      });
    }
  });
}

/** Lives one process on a store that fails. Gives whether it did. */
async function crash(life: HostLife, store: JournalStore, fault: StoreFaults): Promise<boolean> {
  try {
    await life.live(faultyStore(store, fault));
    return false;
  } catch (error) {
    if (!isFault(error)) throw error;
    return true;
  } finally {
    await store.close();
  }
}

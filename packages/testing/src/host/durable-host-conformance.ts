import { DurableHost, type DurableHostOptions, type JournalStore } from "@orch/core/host";
import { manualClock } from "../clock/manual-clock.ts";
import { faultyStore } from "../store/faulty-store.ts";
import { type HostConformanceOptions, hostConformance } from "./host-conformance.ts";
import { GRACE } from "./host-life.ts";
import type { HostProcess, HostUnderTest } from "./host-under-test.ts";

/** Where the runs of a test are kept. */
export interface HostPlace {
  /** Opens a store on the place; called once per process that lives on it, so several times on one place. */
  readonly store: () => JournalStore;
  /** Called after the test. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** How durable hosts are tried. */
export type DurableHostConformanceOptions = HostConformanceOptions & Pick<DurableHostOptions, "durability">;

/**
 * Describes the tests that a durable host passes on a store, in vitest: those of {@link hostConformance}, with a crash
 * before and after every write. `make` gives a fresh, empty place each time.
 *
 * @example
 * ```ts
 * describe("on SQLite", () => durableHostConformance(() => ({ store: () => sqliteStore(freshFile()) })));
 * ```
 */
export function durableHostConformance(
  make: () => HostPlace | Promise<HostPlace>,
  options: DurableHostConformanceOptions = {},
): void {
  const { durability = "step", ...rest } = options;
  hostConformance(async () => durableHostOn(await make(), durability), rest);
}

function durableHostOn(place: HostPlace, durability: Durability): HostUnderTest {
  const clock = manualClock();
  const stores: JournalStore[] = [];
  const open = (): JournalStore => {
    const store = place.store();
    stores.push(store);
    return store;
  };
  return {
    capabilities: new DurableHost(open()).capabilities,
    clock,
    begin: (crash) => {
      // Half of the runs that crash are taken up by a snapshot, wherever there can be one, and half of them from their beginning.
      const snapshotAfter = (crash?.at ?? 0) % 2 === 0 ? 1 : Number.POSITIVE_INFINITY;
      const options = { durability, clock, snapshotAfter };
      if (crash === undefined) return durableProcess(open(), options);
      const store = faultyStore(open(), crash);
      return { ...durableProcess(store, options), hasCrashed: store.hasFailed };
    },
    close: async () => {
      for (const store of stores) await store.close();
      await place.cleanUp?.();
    },
  };
}

type Durability = NonNullable<DurableHostOptions["durability"]>;

/** A process with a durable host on a store. */
export function durableProcess(store: JournalStore, options: DurableHostOptions): HostProcess {
  const host = new DurableHost(store, options);
  return {
    host,
    hasCrashed: () => false,
    resume: (orchestration, runId) => host.resume(orchestration, runId, { grace: GRACE }),
    events: async (orchestration, runId) =>
      (await host.get(runId)) === undefined ? undefined : host.events(orchestration, runId),
    problems: async (runId, ended) => {
      const { status, dueAt, holder } = (await host.get(runId)) ?? {};
      const found: string[] = [];
      if (status !== ended) found.push(`it is listed as ${status}`);
      if (dueAt !== undefined) found.push("a timer is listed as due");
      if (holder !== undefined) found.push(`${holder.name} still holds it`);
      return found;
    },
    close: () => store.close(),
  };
}

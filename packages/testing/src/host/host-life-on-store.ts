import type { DurableHostOptions, JournalStore } from "@orch/core/host";
import { type ManualClock, manualClock } from "../clock/manual-clock.ts";
import { durableProcess } from "./durable-host-conformance.ts";
import type { HostFlow } from "./host-flows.ts";
import { HostLife, type HostLifeOptions } from "./host-life.ts";

/** The life of a flow on stores: for tests that look into what a store keeps. */
export class HostLifeOnStore {
  readonly #life: HostLife;
  readonly #options: DurableHostOptions;

  constructor(
    flow: HostFlow,
    durability: NonNullable<DurableHostOptions["durability"]>,
    options: HostLifeOptions & { readonly clock?: ManualClock } = {},
  ) {
    const clock = options.clock ?? manualClock();
    this.#life = new HostLife(flow, { ...options, clock });
    // A run is taken up by a snapshot wherever it can be.
    this.#options = { durability, clock, snapshotAfter: 1 };
  }

  /** Paths in the order they were executed. */
  get executed(): readonly string[] {
    return this.#life.executed;
  }

  /** Runs one process on a store. */
  async live(store: JournalStore): Promise<void> {
    await this.#life.live(durableProcess(store, this.#options));
  }

  /** What is wrong with how it ended; empty when nothing is. */
  problems(): readonly string[] {
    return this.#life.problems();
  }

  /** What is wrong with the story that its journal tells; empty when nothing is. */
  journalProblems(store: JournalStore): Promise<readonly string[]> {
    return this.#life.storyProblems(durableProcess(store, this.#options));
  }
}

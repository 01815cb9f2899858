/** Where an encounter takes place: two hosts on one store, what they drive, and what may be told there. */
import type { Orchestration, Run } from "@orch/core";
import { DurableHost, type DurableHostOptions, type JournalStore } from "@orch/core/host";
import { type ManualClock, manualClock } from "@orch/testing";
import { encounterFlow } from "./encounter-flows.ts";
import type { Encounter } from "./encounter-words.ts";
import { type HeldStore, heldStore } from "./held-store.ts";
import type { EncounterFlow } from "./waiting-parts.ts";

/** How long a claim holds, in milliseconds. */
export const LEASE = 30_000;
/** Nothing of a command waits longer, in milliseconds: it is looked for requests after 250, and for verdicts after 50. */
export const SOON = 320;

/** What a command may be told, beside that it went well. */
const REFUSALS: ReadonlySet<string> = new Set([
  "ORCH_RUN_ENDED",
  "ORCH_RUN_HELD",
  "ORCH_RUN_STATE",
  "ORCH_RUN_EXISTS",
  "ORCH_UNKNOWN_RUN",
  "ORCH_UNKNOWN_SIGNAL",
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
  "ORCH_SUSPENDED",
  "ORCH_FENCED",
  "ORCH_CANCELLED",
]);

/** What commands of the old definition may be told of a run that the new one has taken up. */
const MIGRATED: ReadonlySet<string> = new Set([...REFUSALS, "ORCH_VERSION_MISMATCH", "ORCH_UNUSED_ANSWER"]);

/** Two hosts on one store, and what they drive. */
export class World {
  readonly clock: ManualClock = manualClock();
  readonly store: JournalStore;
  readonly held: HeldStore;
  readonly heldThere: HeldStore;
  readonly here: DurableHost;
  readonly there: DurableHost;
  readonly at: EncounterFlow;
  readonly runs: Run<unknown>[] = [];
  readonly problems: string[] = [];
  readonly isMigrated: boolean;
  /** The definition that reads the run in the end. */
  readonly last: Orchestration<undefined, unknown>;
  readonly #options: DurableHostOptions;

  constructor(store: JournalStore, encounter: Encounter) {
    this.store = store;
    const { level, hasSnapshots, flow, first, second } = encounter;
    this.#options = { durability: level, lease: LEASE, snapshotAfter: hasSnapshots === true ? 1 : 256 };
    this.isMigrated = [first, second].includes("migrate");
    this.held = heldStore(store, encounter.call, encounter.isLate);
    this.heldThere = heldStore(
      store,
      encounter.isOneHost ? undefined : encounter.secondCall,
      encounter.isLate,
    );
    this.here = this.host(this.held.store);
    this.there = this.host(this.heldThere.store);
    this.at = encounterFlow(flow, this.clock);
    this.last = this.isMigrated ? encounterFlow(flow, this.clock, "2").flow : this.at.flow;
  }

  host(store: JournalStore): DurableHost {
    return new DurableHost(store, { ...this.#options, clock: this.clock });
  }

  get flow(): Orchestration<undefined, unknown> {
    return this.at.flow;
  }

  add(run: Run<unknown>): Run<unknown> {
    this.runs.push(run);
    return run;
  }

  begin(host: DurableHost): Run<unknown> {
    return this.add(this.flow.start(undefined, { host, runId: "r", grace: 5, onUnheard: false }));
  }
}

/** How a command went, as far as it went. */
export interface Settling {
  said: string;
}

/** How a command went: `yes`, the code of its refusal, or `nothing` as long as it has not heard. */
export function settling(work: Promise<unknown>): Settling {
  const told: Settling = { said: "nothing" };
  work.then(
    () => {
      told.said = "yes";
    },
    (error: unknown) => {
      told.said = (error as { code?: string }).code ?? String(error);
    },
  );
  return told;
}

/** Whether a command has heard. */
export const isTold = ({ said }: Settling): boolean => said !== "nothing";

/** Whether a command may be told this. */
export function isAllowed({ isMigrated }: World, told: string): boolean {
  const said = told.slice(told.indexOf(" ") + 1);
  return said === "yes" || (isMigrated ? MIGRATED : REFUSALS).has(said);
}

/** Where an encounter takes place: two hosts on one store, what they drive, and what may be told there. */
import type { Orchestration, Run } from "@orch/core";
import { DurableHost, type DurableHostOptions, type JournalStore } from "@orch/core/host";
import type { ManualClock } from "@orch/testing";
import type { Before } from "./encounter-before.ts";
import { encounterFlow } from "./encounter-flows.ts";
import type { Ground } from "./encounter-ground.ts";
import type { Command, Encounter } from "./encounter-words.ts";
import { type HeldStore, heldStore } from "./held-store.ts";
import type { EncounterFlow } from "./waiting-parts.ts";

/** How long a claim holds, in milliseconds. */
export const LEASE = 30_000;
/** Nothing of a command waits longer, in milliseconds: it is looked for requests after 250, and for verdicts after 50. */
export const SOON = 320;

/** What a command may be told, beside that it went well. */
const REFUSALS: readonly string[] = [
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
];

/** What commands of the old definition may be told of a run that the new one has taken up. */
const MIGRATED = ["ORCH_VERSION_MISMATCH", "ORCH_UNUSED_ANSWER"];

/** What may be told by a host that was closed meanwhile, of a store that can be closed: by the call, or by the run that could not be kept. */
const CLOSED = ["ORCH_STORE_CLOSED", "ORCH_NOT_WRITTEN because of ORCH_STORE_CLOSED"];

/** How the hosts of an encounter keep a run. */
export function hostOptions({ level, hasSnapshots }: Encounter): DurableHostOptions {
  return { durability: level, lease: LEASE, snapshotAfter: hasSnapshots === true ? 1 : 256 };
}

/** Two hosts on one store, and what they drive. */
export class World {
  readonly clock: ManualClock;
  /** As one sees it who only looks. */
  readonly store: JournalStore;
  readonly held: HeldStore;
  readonly heldThere: HeldStore;
  readonly here: DurableHost;
  readonly there: DurableHost;
  readonly at: EncounterFlow;
  readonly runs: Run<unknown>[] = [];
  readonly problems: string[] = [];
  readonly isMigrated: boolean;
  readonly #refusals: ReadonlySet<string>;
  /** The definition that reads the run in the end. */
  readonly last: Orchestration<undefined, unknown>;
  readonly #options: DurableHostOptions;
  readonly #ground: Ground;

  constructor(ground: Ground, encounter: Encounter, { clock, at, run }: Before) {
    const { flow, first, second, isOneHost, isLate, call, secondCall } = encounter;
    this.clock = clock;
    this.at = at;
    if (run !== undefined) this.add(run);
    this.#ground = ground;
    this.store = ground.open(clock);
    this.#options = hostOptions(encounter);
    const has = (command: Command): boolean => [first, second].includes(command);
    this.isMigrated = has("migrate");
    const isClosed = has("close") && isOneHost;
    this.#refusals = new Set([
      ...REFUSALS,
      ...(this.isMigrated ? MIGRATED : []),
      ...(isClosed ? CLOSED : []),
    ]);
    this.held = heldStore(ground.open(clock), call, isLate);
    this.heldThere = heldStore(ground.open(clock), isOneHost ? undefined : secondCall, isLate);
    this.here = this.host(this.held.store);
    this.there = this.host(this.heldThere.store);
    this.last = this.isMigrated ? encounterFlow(flow, this.clock, "2").flow : this.at.flow;
  }

  /** A host, by default on the store as the next process opens it. */
  host(store: JournalStore = this.#ground.open(this.clock)): DurableHost {
    return new DurableHost(store, { ...this.#options, clock: this.clock });
  }

  get flow(): Orchestration<undefined, unknown> {
    return this.at.flow;
  }

  /** Whether a command may be told this. */
  allows(told: string): boolean {
    const said = told.slice(told.indexOf(" ") + 1);
    return said === "yes" || this.#refusals.has(said);
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

/** How a command went: `yes`, the code of its refusal and why nothing could be written, or `nothing` as long as it has not heard. */
export function settling(work: Promise<unknown>): Settling {
  const told: Settling = { said: "nothing" };
  work.then(
    () => {
      told.said = "yes";
    },
    (error: unknown) => {
      told.said = codeOf(error) ?? String(error);
      if (told.said === "ORCH_NOT_WRITTEN") told.said += ` because of ${codeOf((error as Error).cause)}`;
    },
  );
  return told;
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/** Whether a command has heard. */
export const isTold = ({ said }: Settling): boolean => said !== "nothing";

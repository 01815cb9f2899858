import { FencedError } from "../errors/fenced-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { SuspendedError } from "../errors/suspended-error.ts";
import type { Ended } from "../kernel/activation.ts";
import { Recorder } from "../kernel/recorder.ts";
import type { RunState } from "../kernel/transition.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import type { RunDescription } from "../run/describe.ts";
import type { History, RunStage, Story } from "../run/host.ts";
import { LocalRun } from "../run/local-run.ts";
import { onceUnderWay } from "../run/once.ts";
import type { Ending } from "../run/pump.ts";
import type { EventListener, RunOptions, RunStatus } from "../run/run.ts";
import type { SignalTarget } from "../run/send-signal.ts";
import type { Codec } from "./codec.ts";
import { DurableDriver } from "./durable-driver.ts";
import type { Folded } from "./folded.ts";
import { goOn } from "./go-on.ts";
import type { Claim, JournalStore, NewRun, StoredRun } from "./journal-store.ts";
import type { Durability, JournalWriter } from "./journal-writer.ts";
import type { KeptAnswers } from "./kept-requests.ts";
import type { PartReader } from "./part-reader.ts";
import { PartWriter } from "./part-writer.ts";
import type { Patience } from "./patience.ts";
import { RecordTime } from "./record-time.ts";
import { RunRequests } from "./run-requests.ts";
import { RunSnapshots } from "./run-snapshots.ts";
import type { StoredRequest } from "./stored-request.ts";
import type { StoredRuns } from "./stored-runs.ts";

/** What all runs of a host share. */
export interface LiveShared {
  readonly store: JournalStore;
  readonly writer: JournalWriter;
  readonly patience: Patience;
  readonly level: Durability;
  readonly codec: Codec;
  readonly clock: Clock;
  /** In milliseconds. */
  readonly lease: number;
  readonly runs: StoredRuns;
  /** After how many records a run that rests gets another snapshot. */
  readonly snapshotAfter: number;
}

/** One run to be driven. */
export interface LiveSpec {
  readonly run: RunState;
  readonly doors: { readonly runId: string; readonly clock: Clock; readonly random: Random };
  readonly options: Pick<RunOptions, "signal" | "grace">;
  readonly write: EventListener | undefined;
  /** What to create, for a run that is new. */
  readonly create?: NewRun | undefined;
  /** The name of its graph, where the store keeps it. */
  readonly graph?: string | undefined;
  readonly resume?: TakenUp | undefined;
  readonly history: History;
}

/** A run that was read and claimed. */
export interface TakenUp {
  readonly claim: Claim;
  /** The number of the next record. */
  readonly next: number;
  /** The run as the store has it. */
  readonly stored: StoredRun;
  /** How many records its snapshot has; 0 where there is none. */
  readonly base: number;
  readonly folded: Folded;
  /** The parts in its journal. */
  readonly parts: PartReader | undefined;
  readonly kept: KeptAnswers;
}

/** The runs that this process drives. A run adds and removes itself. */
export interface RunRegister {
  readonly get: (runId: string) => DurableRun | undefined;
  readonly add: (run: DurableRun) => void;
  readonly remove: (run: DurableRun) => Promise<void>;
}

/** A run that is driven in this process and kept in a store. */
export class DurableRun extends LocalRun {
  readonly driver: DurableDriver;
  readonly history: History;
  readonly #spec: LiveSpec;
  readonly #time: RecordTime;
  readonly #shared: LiveShared;
  readonly #register: RunRegister;
  readonly #requests: RunRequests;
  readonly snapshots: RunSnapshots;
  readonly #done: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(spec: LiveSpec, shared: LiveShared, register: RunRegister) {
    const { run, doors, options, resume } = spec;
    const requests = new RunRequests(resume?.kept.unchecked, shared.codec);
    const time = new RecordTime(doors.clock);
    const driver: DurableDriver = driverOf(spec, shared, requests, time, () => snapshots.rests());
    const snapshots = new RunSnapshots(driver.journal, spec, shared);
    super(run, driver.local, driver, options.signal, resume !== undefined);
    this.driver = driver;
    this.history = { until: spec.history.until, load: (from, to) => this.#load(from, to) };
    this.#spec = spec;
    this.#time = time;
    this.#shared = shared;
    this.#register = register;
    this.#requests = requests;
    this.snapshots = snapshots;
  }

  override start(ending: Ending): void {
    this.#drive(ending).then(
      (ended) => ending.ended(ended),
      (error: unknown) => ending.failed(error),
    );
  }

  /** Settles when this process does not drive the run any more. */
  get over(): Promise<void> {
    return this.#done.promise;
  }

  /** How it ended, once that is written. */
  get ended(): Ended["kind"] | undefined {
    return this.driver.journal.claim === undefined ? this.#spec.run.ended?.kind : undefined;
  }

  override stage(): RunStage {
    return this.driver.pause.reason === undefined ? super.stage() : "paused";
  }

  override describe(status: RunStatus): RunDescription {
    const { reason } = this.driver.pause;
    return { ...super.describe(status), ...(reason === undefined ? {} : { paused: { reason } }) };
  }

  override target(): SignalTarget {
    return { ...super.target(), ...keepingOf(this.driver, this.#shared.codec) };
  }

  /** Takes a request that somebody outside made. */
  take(request: StoredRequest): void {
    this.#requests.take(this.driver, request, () => this.target());
  }

  /** Stops driving the run, and leaves it in its store. What a store that is locked or full cannot take is given up. */
  async suspend(): Promise<void> {
    const { driver, id } = this;
    const suspended = new SuspendedError({ runId: id });
    driver.hold();
    try {
      await this.#shared.patience.unlessPaused(this.#settle(suspended));
      await this.snapshots.settle();
      driver.halt(suspended);
    } catch (error) {
      driver.fail(error);
    }
    if (this.#register.get(id) === this) await this.#done.promise;
  }

  /** Ends what is under way, and waits until all is written. */
  async #settle(reason: Error): Promise<void> {
    // Before that there is no claim to release.
    await this.driver.journal.begun();
    await this.#giveUp(reason);
    this.driver.journal.settle();
    await this.#shared.writer.settle(this.id);
  }

  /** Aborts what is under way. What `ctx.once` is making has the grace time to be kept, because it would be made again. */
  async #giveUp(reason: Error): Promise<void> {
    const { root } = this.#spec.run;
    const making = onceUnderWay(root);
    root.abort(reason);
    const { grace } = this.driver;
    if (making.length === 0 || grace === 0) return;
    const kept = Promise.allSettled(making);
    await new Promise<void>((resolve) => {
      const cancel = this.#spec.doors.clock.after(grace, resolve);
      void kept.then(cancel).then(resolve);
    });
  }

  /** Tells that the run goes on after its end, and what is open again in it. */
  async #tellRetry(write: EventListener): Promise<void> {
    const { until, load } = this.#spec.history;
    const { events } = await load(until + 1, until + 1);
    for (const event of events) if (event.seq > until) write(event);
  }

  /** Reads events that are not in memory any more. They are in the store, or on their way there. */
  async #load(from: number, to: number): Promise<Story> {
    const { history } = this.#spec;
    if (to > history.until) await this.#shared.writer.settle(this.id);
    return history.load(from, to);
  }

  /** Why this one does not drive the run, which `other` drives in this process; `undefined` when it does, once that one has stopped. */
  #claimAgainst({ driver }: DurableRun): Error | undefined {
    const { id } = this;
    const [own, others] = [this.driver.journal.claim, driver.journal.claim];
    if (own === undefined) return new RunExistsError({ runId: id });
    if (others !== undefined && others.epoch > own.epoch) return new FencedError({ runId: id });
    // Its claim has ended with the run, or was lost, and it has not heard so.
    if (others !== undefined) driver.halt(new FencedError({ runId: id }));
    return undefined;
  }

  async #drive(ending: Ending): Promise<Ended> {
    const { id, driver } = this;
    for (let other = this.#register.get(id); other !== undefined; other = this.#register.get(id)) {
      const refusal = this.#claimAgainst(other);
      if (refusal !== undefined) driver.halt(refusal);
      if (refusal !== undefined) throw refusal;
      await other.over;
    }
    this.#register.add(this);
    if (this.#spec.resume !== undefined) this.snapshots.rests();
    driver.journal.whenKept(() => ending.accepted?.());
    const { resume, history, write } = this.#spec;
    try {
      if (write !== undefined && history.until < (resume?.folded.events ?? 0)) await this.#tellRetry(write);
      this.#time.begin();
      return await new Promise((ended, failed) => {
        super.start({ ended, failed });
        if (resume !== undefined) driver.local.circuit?.restore();
      });
    } finally {
      driver.tell();
      await this.#register.remove(this).finally(this.#done.resolve);
    }
  }
}

/** How a signal is kept that the run takes. */
function keepingOf({ settlements }: DurableDriver, codec: Codec): Pick<SignalTarget, "receipts" | "admit"> {
  return {
    receipts: settlements,
    admit: (value, name) => void codec.encode(value, `the value of the signal "${name}"`),
  };
}

/** Makes the driver of a run. For a resumed run it holds the operations that were under way. */
function driverOf(
  spec: LiveSpec,
  shared: LiveShared,
  requests: RunRequests,
  time: RecordTime,
  rests: () => void,
): DurableDriver {
  const { run, doors, options, write, create, graph, resume } = spec;
  const { runId, clock } = doors;
  const recorder = (hear: EventListener): Recorder => {
    const made = new Recorder(runId, time, hear, clock);
    made.goOnFrom(resume?.folded.events ?? 0);
    return made;
  };
  const parts = new PartWriter(shared.codec);
  resume?.parts?.teach(parts);
  const driver: DurableDriver = new DurableDriver({
    ...shared,
    codec: parts.codec,
    parts,
    run,
    doors,
    time,
    grace: options.grace,
    recorder: write === undefined ? undefined : recorder,
    deliver: write,
    create,
    graph,
    resume,
    opened: (id) => requests.opened(driver, id),
    rests,
  });
  if (resume !== undefined) goOn(driver, resume, requests);
  return driver;
}

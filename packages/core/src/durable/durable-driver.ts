/**
 * The durable driver: one decorator around the driver for memory. The pump sees a driver; what the transition puts into
 * it is held until what led to it is written, and then handed to the driver inside.
 *
 * 1. Nothing but a completion that the pump takes changes the run, and the pump takes one at a time.
 * 2. A completion is written with the decisions that it led to, in one record.
 * 3. At level `step` nothing that follows from a completion begins before its record is on disk. At `group` and `end`
 *    it begins at once, and its record may be lost together with the records of all that followed.
 * 4. An event is told when the record of what it tells of is on disk; at level `end` at once.
 * 5. A completion that the run does not want any more is not written and not taken.
 * 6. A value that cannot be kept fails its operation. It is never written, and never taken.
 * 7. At levels `step` and `group` a runnable is given a value of `ctx.once`, or an answer, when that is on disk. A prompt
 *    is on disk before an answer to it is kept, at every level.
 * 8. Launches keep their order. Of a run that was resumed, what was due first begins first.
 * 9. An error of the store, or the loss of the claim, halts the run: what is open is aborted, events that were not told
 *    are dropped, and nothing more is written. What is on disk is a run that can be resumed.
 * 10. After the end is written nothing halts the run and nothing is written.
 */

import { FencedError } from "../errors/fenced-error.ts";
import { NotWrittenError } from "../errors/not-written-error.ts";
import { isOrchError } from "../errors/orch-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { Recorder } from "../kernel/recorder.ts";
import { straightWay } from "../kernel/straight.ts";
import type { Completion, TimerPurpose } from "../kernel/transition.ts";
import { restOf } from "../platform/clock.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { Driver, Taker } from "../run/driver.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import { LocalDriver } from "../run/local-driver.ts";
import type { Pause } from "../run/step.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { Arrivals, type Arrived, isStale } from "./arrivals.ts";
import { Dues, dueOf } from "./dues.ts";
import type { DurableSpec } from "./durable-spec.ts";
import type { OpenTimer } from "./folded.ts";
import { HeldEvents } from "./held-events.ts";
import type { JournalOwner } from "./journal-owner.ts";
import { keptNote } from "./kept-note.ts";
import { Launches } from "./launches.ts";
import { NotedDecisions } from "./noted-decisions.ts";
import { RunJournal } from "./run-journal.ts";
import { RunPause } from "./run-pause.ts";
import { Settlements } from "./settlements.ts";

/** Drives one run that is kept. */
export class DurableDriver implements Driver, Taker, JournalOwner {
  readonly local: LocalDriver;
  readonly recorder: Recorder | undefined;
  readonly grace: number;
  readonly yields: boolean;
  readonly decisions: NotedDecisions;
  readonly journal: RunJournal;
  readonly settlements: Settlements;
  readonly pause: RunPause;
  readonly straight: Driver["straight"];
  readonly #spec: DurableSpec;
  readonly #launches: Launches;
  readonly #dues = new Dues();
  readonly #events: HeldEvents;
  readonly #arrivals: Arrivals;
  #arrived: Arrived | undefined;
  #halted: Error | undefined;
  #isBegun = false;
  #isHeld = false;
  #isOver = false;
  #taker: Taker | undefined;

  constructor(spec: DurableSpec) {
    const { run, doors, codec, parts } = spec;
    this.#spec = spec;
    this.grace = spec.grace ?? DEFAULT_GRACE;
    this.yields = run.yields;
    this.straight = straightWay(run);
    this.recorder = spec.recorder?.((event) => this.#hear(event));
    this.#events = new HeldEvents(spec.deliver, this.recorder?.seq ?? 0);
    this.#arrivals = new Arrivals(run, parts);
    this.decisions = new NotedDecisions(codec);
    this.local = new LocalDriver(run, { ...doors, recorder: this.recorder }, undefined, {
      keep: (operation, note, value) => this.#keep(operation, note, value),
      admit: (id, answer) => void codec.encode(answer, `the answer to "${id}"`),
      taking: (id) => this.settlements.answered(id),
      opened: spec.opened,
      waiting: (questions) => this.journal.wait(questions),
    });
    this.settlements = new Settlements(() => this.local.questions);
    this.#launches = new Launches(this.local);
    this.journal = new RunJournal(spec, this.#dues, this);
    this.pause = new RunPause(spec, this.journal, this.#events);
  }

  exec(operation: Activation): void {
    // What a state does to its input does not show in the events, as it does not in the events of a run that was read.
    if (this.recorder !== undefined) (operation as { input: unknown }).input = copyOf(operation.input);
    if (!this.local.holds(operation)) this.#launches.add(operation);
  }

  halted(fan: Activation): void {
    this.local.halted(fan);
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    // The time runs from now on, also while what came before is being written.
    this.timerAt(activation, { due: this.#spec.doors.clock.now() + ms, ms }, purpose);
  }

  drop(operation: Activation): void {
    this.local.questions.withdraw(operation.path, closedBy(operation));
  }

  /** Starts an operation that was under way before; `due` is when its wait ends, where it is one. */
  execAt(operation: Activation, due: number | undefined): void {
    this.#dues.add(operation, due);
    // It rested while it asked. It runs again from its start, and rests when it asks again.
    if (operation.node === undefined && operation.attached?.rests === true) {
      this.local.deliver({ kind: "rest", operation, rests: false });
    }
    this.#launches.addAt(due ?? 0, () => this.local.launch(operation));
  }

  /** Sets a timer of `ms`, for a time that may be in the past. */
  timerAt(activation: Activation, timer: Pick<OpenTimer, "due" | "ms">, purpose: TimerPurpose): void {
    const { due } = timer;
    if (purpose === "deadline") this.#dues.add(activation, due);
    this.#launches.addAt(due, () => {
      if (!activation.over)
        this.local.timer(activation, restOf(timer, this.#spec.doors.clock.now()), purpose);
    });
  }

  /** Sorts the timers that became due while no process drove the run by the time at which they were due; `isNow`: and sets them. */
  sortLaunches(isNow: boolean): void {
    this.#launches.sort();
    if (isNow && this.#halted === undefined && !this.#isHeld) this.#launches.launch();
  }

  next(taker: Taker): Completion | undefined {
    this.#taker = taker;
    // It may have been suspended before it began here.
    if (this.#halted !== undefined) return void taker.fail(this.#halted);
    try {
      const written = this.#commit();
      if (written === undefined) return this.#next();
      written.then(
        () => this.#handOver(),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
    return undefined;
  }

  /** Takes what the driver inside delivers while the pump waits. */
  arrive(completion: Completion): void {
    if (this.#halted !== undefined || this.#isHeld) return;
    try {
      if (isStale(completion, this.#spec.run)) this.#handOver();
      else this.#taker!.arrive(this.#taken(completion));
    } catch (error) {
      this.fail(error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#commit();
    } catch (error) {
      this.fail(error);
    }
    this.local.close();
    if (this.#halted !== undefined) throw this.#halted;
    this.#isOver = true;
  }

  /** Takes and launches nothing more, while what was taken is still being written. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Tells the held-back events of a run that never began. */
  tell(): void {
    if (this.journal.isNew && this.#halted === undefined) this.#events.release(Number.POSITIVE_INFINITY);
  }

  onDisk(): void {
    this.pause.goOn();
    this.#events.release(this.journal.ahead.limit);
  }

  /** Stops driving the run because of an error of its store. */
  fail(error: unknown): void {
    this.pause.giveUp(error);
    this.halt(this.#asHalt(error));
  }

  /** Stops driving the run; what is open in it is aborted, and nothing more is written. */
  halt(error: Error): void {
    if (this.#halted !== undefined || this.#isOver) return;
    const { root } = this.#spec.run;
    this.#halted = error;
    this.pause.giveUp(error);
    this.#events.drop();
    this.recorder?.goOnFrom(this.#events.told.seq, this.#events.told.part);
    this.journal.giveUp();
    this.#arrived = undefined;
    if (this.journal.isNew) this.recorder?.refused(root, error);
    else this.recorder?.suspended(root, error);
    this.#events.release(Number.POSITIVE_INFINITY);
    this.settlements.halt(error);
    root.abort(error);
    this.local.close();
    this.local.breakOff(error);
    this.#taker?.fail(error);
  }

  /** The next completion that still matters, if there is one, with its result checked and turned into text. */
  #next(): Completion | undefined {
    if (this.#halted !== undefined || this.#isHeld) return undefined;
    for (;;) {
      // What came before anything began here, like a cancellation, is taken first. Where all of it was stale, all begins.
      this.#isBegun ||= !this.local.hasArrived;
      if (this.#isBegun) this.#launches.launch();
      const arrival = this.local.next(this);
      if (arrival === undefined) return undefined;
      if (!isStale(arrival, this.#spec.run)) return this.#taken(arrival);
    }
  }

  #handOver(): void {
    try {
      const arrival = this.#next();
      if (arrival !== undefined) this.#taker!.arrive(arrival);
    } catch (error) {
      this.fail(error);
    }
  }

  #taken(arrival: Completion): Completion {
    this.#spec.time.begin();
    const { completion, arrived } = this.#arrivals.receive(arrival);
    this.#arrived = arrived;
    return completion;
  }

  /** Writes the completions that the pump has taken, with their decisions. Returns a promise when the caller has to wait for the write. */
  #commit(): Promise<void> | undefined {
    if (this.#halted !== undefined) throw this.#halted;
    const { journal } = this;
    if (journal.isNew) return journal.begin(this.decisions.take());
    const arrived = this.#arrived;
    if (arrived === undefined) return undefined;
    const verdicts = this.settlements.verdicts(arrived.type === "cancelled");
    const written = journal.commit(arrived, this.decisions.take(), verdicts);
    this.#arrived = undefined;
    this.settlements.count(written);
    if (written !== undefined && this.pause.holds) return written;
    if (journal.isOnDisk) this.#events.release(this.journal.ahead.limit);
    return undefined;
  }

  /** Keeps a note of an operation, and gives its value as it was kept. Throws when the value cannot be kept. */
  #keep(operation: Activation, note: string, value: unknown): unknown {
    if (this.#halted !== undefined) throw this.#halted;
    if (operation.over) return value;
    const { type, name, json, isUrgent, handed } = keptNote(note, value, operation, this.#spec.codec);
    this.#dues.add(operation, type === "retrying" ? (value as Pause).due : dueOf(operation));
    try {
      const id = type === "answered" ? `${operation.path}/${name}` : undefined;
      const verdict = id === undefined ? undefined : this.settlements.verdictOn(id);
      const written = this.journal.note(type, operation.path, name, json, isUrgent, verdict);
      if (handed === undefined) return written;
      return written === undefined ? handed.value : written.then(() => handed.value);
    } catch (error) {
      this.fail(error);
      throw this.#halted;
    }
  }

  #asHalt(error: unknown): Error {
    if (error instanceof FencedError || error instanceof RunExistsError || error === this.#halted) {
      return error as Error;
    }
    // A value that cannot be kept is the author's to mend, not the store's.
    if (this.journal.claim === undefined && isOrchError(error, "ORCH_NOT_SERIALIZABLE")) return error;
    return new NotWrittenError({ runId: this.#spec.doors.runId }, error, this.#spec.run.ended);
  }

  /** Takes an event of the recorder: held back while what it tells of is not on disk. */
  #hear(event: OrchestrationEvent): void {
    this.#events.hold(event);
    // Of a run that is refused nothing else is told.
    if (this.journal.isNew && this.#halted === undefined) return;
    if (this.#spec.level === "end" || (this.#arrived === undefined && this.journal.isOnDisk))
      this.#events.release(this.journal.ahead.limit);
  }
}

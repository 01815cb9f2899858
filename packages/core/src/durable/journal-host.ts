/**
 * Drives one run and keeps its journal. It stands between the pump and the memory host: what a
 * completion led to is written before what follows from it is launched, so that a crash at any
 * moment leaves a journal that ends after some completion.
 */

import { FencedError } from "../errors/fenced-error.ts";
import { NotWrittenError } from "../errors/not-written-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { Decision, Decisions } from "../kernel/decisions.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Completion, RunState, TimerPurpose } from "../kernel/transition.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import { LocalHost } from "../run/local-host.ts";
import type { RunHost, Taker } from "../run/run-host.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { JournalRecord, JournalRecordType } from "../words/journal-record.ts";
import { Arrivals, type Arrived, isStale, textOf } from "./arrivals.ts";
import type { Codec } from "./codec.ts";
import { Dues, dueOf } from "./dues.ts";
import {
  type Append,
  type Claim,
  isEnd,
  type JournalStore,
  type NewRun,
  type StoredRun,
  type StoredStatus,
} from "./journal-store.ts";
import type { Durability, JournalWriter } from "./journal-writer.ts";
import type { Json } from "./json.ts";
import {
  decisionToJson,
  detailsText,
  extrasOf,
  NO_DETAILS,
  type RecordDetails,
  takingText,
} from "./record-codec.ts";

/** What the journal of one run needs. */
export interface JournalSpec {
  readonly run: RunState;
  readonly runId: string;
  readonly doors: { readonly runId: string; readonly clock: Clock; readonly random: Random };
  readonly recorder: ((write: (event: OrchestrationEvent) => void) => Recorder) | undefined;
  /** Takes events when what they tell of is on disk. */
  readonly deliver: ((event: OrchestrationEvent) => void) | undefined;
  readonly store: JournalStore;
  readonly writer: JournalWriter;
  readonly level: Durability;
  readonly codec: Codec;
  /** How long a claim holds unless it is renewed, in milliseconds. */
  readonly lease: number;
  /** What to create, for a run that is new. */
  readonly create: NewRun | undefined;
  /** For one that was taken up: its claim, the number of the next record, and what the store says of it. */
  readonly resume:
    | { readonly claim: Claim; readonly next: number; readonly stored: Pick<StoredRun, "status" | "dueAt"> }
    | undefined;
  readonly opened: (id: string) => void;
}

/** The host of one run that is kept. */
export class JournalHost implements RunHost, Taker {
  readonly local: LocalHost;
  readonly recorder: Recorder | undefined;
  readonly decisions: Decisions;
  readonly #spec: JournalSpec;
  readonly #clock: Clock;
  #claim: Claim | undefined;
  #number = 1;
  #launches: (Activation | Launch)[] = [];
  /** What the pump is taking, with its result as it will be written. */
  #arrived: Arrived | undefined;
  #decided: Json[] = [];
  #isNew: boolean;
  /** Settles when a run that begins is in the store, where that takes a while. */
  #beginning: Promise<void> | undefined;
  #status: StoredStatus = "running";
  readonly #dues = new Dues();
  #dueAt: number | null = null;
  #unwritten = 0;
  #held: OrchestrationEvent[] = [];
  #delivered = 0;
  #halted: Error | undefined;
  #isHeld = false;
  /** It has ended and is written. */
  #isOver = false;
  readonly #arrivals: Arrivals;
  #taker: Taker | undefined;

  constructor(spec: JournalSpec) {
    this.#spec = spec;
    this.#arrivals = new Arrivals(spec.run, spec.codec);
    this.#clock = spec.doors.clock;
    this.#isNew = spec.create !== undefined;
    this.#claim = spec.resume?.claim;
    this.#status = spec.resume?.stored.status ?? "running";
    this.#dueAt = spec.resume?.stored.dueAt ?? null;
    this.#number = spec.resume?.next ?? 1;
    this.recorder = spec.recorder?.((event) => this.#hear(event));
    this.#delivered = this.recorder?.seq ?? 0;
    this.decisions = {
      recall: () => undefined,
      admit: (decision, from, to) => void decisionToJson(decision, spec.codec, from, to),
      note: (decision: Decision) => this.#decided.push(decisionToJson(decision, spec.codec)),
    };
    const doors = { ...spec.doors, recorder: this.recorder };
    this.local = new LocalHost(spec.run, doors, undefined, {
      keep: (operation, note, value) => this.#keep(operation, note, value),
      accept: async (questionId, value) => this.#accept(questionId, value),
      opened: spec.opened,
      waiting: () => this.#waiting(),
    });
  }

  get claim(): Claim | undefined {
    return this.#claim;
  }

  /** Waits until a run that begins is in the store. Throws why it could not begin. */
  async begun(): Promise<void> {
    // A run starts a moment after it was made, so that listeners can be added.
    await Promise.resolve();
    await this.#beginning;
  }

  exec(operation: Activation): void {
    this.#launches.push(operation);
  }

  /** Starts an operation that was under way before; `due` is when its wait ends, where it is one. */
  execAt(operation: Activation, due: number | undefined): void {
    this.#dues.add(operation, due);
    this.#launches.push({ due: due ?? 0, launch: () => this.local.exec(operation) });
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    // The time runs from now on, also while what came before is being written.
    this.timerAt(activation, this.#clock.now() + ms, purpose);
  }

  /** Sets a timer for a moment, which may have passed. */
  timerAt(activation: Activation, at: number, purpose: TimerPurpose): void {
    if (purpose === "deadline") this.#dues.add(activation, at);
    const launch = (): void => {
      if (!activation.over) this.local.timer(activation, Math.max(0, at - this.#clock.now()), purpose);
    };
    this.#launches.push({ due: at, launch });
  }

  /** Puts what was due while nobody drove the run in the order in which it was due. */
  sortLaunches(): void {
    const dueAt = (one: Activation | Launch): number => ("launch" in one ? one.due : 0);
    this.#launches.sort((one, other) => dueAt(one) - dueAt(other));
  }

  drop(operation: Activation): void {
    this.local.questions.withdraw(operation.path);
    this.local.drop();
  }

  next(taker: Taker): Completion | undefined {
    this.#taker = taker;
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

  /** Takes what the memory host delivers while the pump waits. */
  arrive(completion: Completion): void {
    if (this.#halted !== undefined) return;
    try {
      if (isStale(completion)) this.#handOver();
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

  /** Launches nothing more, while what was taken is still being written. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Tells what is held back of a run that never began. */
  tell(): void {
    if (this.#isNew && this.#halted === undefined) this.#release();
  }

  /** Stops driving the run because of an error of its store. */
  fail(error: unknown): void {
    this.halt(this.#asHalt(error));
  }

  /** Stops driving the run; what is open in it is aborted, and nothing more is written. */
  halt(error: Error): void {
    if (this.#halted !== undefined || this.#isOver) return;
    this.#halted = error;
    this.#held = [];
    this.recorder?.goOnFrom(this.#delivered);
    this.#unwritten = 0;
    this.#arrived = undefined;
    this.recorder?.suspended(this.#spec.run.root, error);
    this.#release();
    this.#spec.run.root.abort(error);
    this.local.close();
    this.local.breakOff(error);
    this.#taker?.fail(error);
  }

  /** The next completion that still matters, if there is one, with its result checked and turned into text. */
  #next(): Completion | undefined {
    if (this.#halted !== undefined || this.#isHeld) return undefined;
    this.#launch();
    for (;;) {
      const arrival = this.local.next(this);
      if (arrival === undefined) return undefined;
      if (!isStale(arrival)) return this.#taken(arrival);
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

  #launch(): void {
    if (this.#launches.length === 0) return;
    const launches = this.#launches;
    this.#launches = [];
    for (const one of launches) {
      if ("launch" in one) one.launch();
      else this.local.exec(one);
    }
  }

  #taken(arrival: Completion): Completion {
    const { completion, arrived } = this.#arrivals.receive(arrival);
    this.#arrived = arrived;
    return completion;
  }

  /** Writes what the pump has taken, and what it decided on account of it. */
  #commit(): Promise<void> | undefined {
    if (this.#halted !== undefined) throw this.#halted;
    if (this.#isNew) return this.#create();
    const arrived = this.#arrived;
    if (arrived === undefined) return undefined;
    const { type, path, value, operation } = arrived;
    const extras = operation === undefined ? arrived.extras : extrasOf(operation, this.#spec.codec);
    const more = this.#taking(extras ?? NO_DETAILS);
    if (operation?.attached !== undefined) operation.attached.spent = [];
    const records = [this.#record(type, path, value, more)];
    const { ended } = this.#spec.run;
    if (ended !== undefined) records.push(this.#done(ended.kind));
    const status = ended?.kind ?? "running";
    const written = this.#append(records, status, ended !== undefined);
    this.#arrived = undefined;
    if (written === undefined || (this.#spec.level !== "step" && ended === undefined)) {
      if (this.#unwritten === 0) this.#release();
      return undefined;
    }
    return written;
  }

  #create(): Promise<void> | undefined {
    const { run, writer, create, codec, lease, runId } = this.#spec;
    const { root, ended } = run;
    const value = this.#arrivals.textOf(codec.encode(root.input, `the input of "${root.runnable.id}"`));
    const records = [this.#record("started", root.path, value, this.#taking(NO_DETAILS))];
    if (ended !== undefined) records.push(this.#done(ended.kind));
    const claim = writer.create({ run: create!, records, until: this.#clock.now() + lease });
    const created = (result: Claim | "exists"): void | Promise<void> => {
      if (result === "exists") throw new RunExistsError({ runId });
      this.#claim = result;
      this.#isNew = false;
      this.#number = 1 + records.length;
      this.#release();
      const dueAt = this.#dues.earliest();
      if (ended === undefined && dueAt === null) return;
      return this.#append([], ended?.kind ?? "running", ended !== undefined);
    };
    if (!(claim instanceof Promise)) return created(claim) ?? undefined;
    this.#beginning = claim.then(created);
    return this.#beginning;
  }

  #done(kind: "completed" | "failed" | "cancelled"): JournalRecord {
    return this.#record("done", this.#spec.run.root.path, JSON.stringify(kind), undefined);
  }

  /** What goes with the completion that the pump has taken, as text. */
  #taking(extras: RecordDetails): string | undefined {
    const decided = this.#decided;
    if (decided.length > 0) this.#decided = [];
    return takingText(extras, decided, this.recorder?.seq);
  }

  #record(
    type: JournalRecordType,
    path: string,
    value: string | undefined,
    more: string | undefined,
  ): JournalRecord {
    const at = this.#clock.now();
    if (value === undefined) return more === undefined ? { type, at, path } : { type, at, path, more };
    return more === undefined ? { type, at, path, value } : { type, at, path, value, more };
  }

  /** Keeps a note of an operation. Throws when its value cannot be kept. */
  #keep(operation: Activation, note: string, value: unknown): void | Promise<void> {
    if (operation.over || this.#halted !== undefined) return;
    const [type, name] = splitNote(note);
    const json = this.#spec.codec.encode(value, `${NOTED[type]} of "${operation.runnable.id}"`);
    const { recorder } = this;
    const details = {
      ...(name === undefined ? {} : { n: name }),
      ...(recorder === undefined ? {} : { e: recorder.seq }),
    };
    const record = this.#record(type, operation.path, textOf(json).value, detailsText(details));
    this.#dues.add(operation, dueOf(operation));
    try {
      return this.#append([record], this.#status, type === "asked" || type === "slept");
    } catch (error) {
      this.fail(error);
    }
  }

  async #accept(questionId: string, value: unknown): Promise<"accepted" | "duplicate" | "unknown"> {
    const { store, codec, runId } = this.#spec;
    const json = codec.encode(value, `the answer to "${questionId}"`) ?? null;
    // The question itself has to be on disk before its answer.
    await this.#spec.writer.settle(runId);
    return store.putAnswer(runId, { questionId, value: json, at: this.#clock.now() });
  }

  #waiting(): void {
    try {
      void this.#append([], "waiting", true);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Adds records; gives a promise where they are not on disk yet. Whatever goes wrong later halts the run. */
  #append(
    records: readonly JournalRecord[],
    status: StoredStatus,
    urgent: boolean,
  ): Promise<void> | undefined {
    const dueAt = this.#dues.earliest();
    const claim = this.#claim!;
    const from = this.#number;
    const isSame = status === this.#status && dueAt === this.#dueAt;
    const append: Append = isSame
      ? { claim, from, records }
      : { claim, from, records, ...changes(status, this.#status, dueAt, this.#dueAt) };
    this.#number += records.length;
    this.#status = status;
    this.#dueAt = dueAt;
    const lost = this.#spec.writer.write(append, urgent);
    // The store ends the claim with the run; there is nothing to renew or to release.
    if (isEnd(status)) this.#claim = undefined;
    if (!(lost instanceof Promise)) {
      this.#refuseLost(lost);
      return undefined;
    }
    this.#unwritten += 1;
    const written = lost.then((names) => {
      this.#unwritten -= 1;
      this.#refuseLost(names);
      if (this.#unwritten <= 0) this.#release();
    });
    written.catch((error: unknown) => {
      this.#claim = claim;
      this.fail(error);
    });
    return written;
  }

  #refuseLost(lost: ReadonlySet<string>): void {
    const { runId } = this.#spec;
    if (lost.has(runId)) throw new FencedError({ runId });
  }

  #asHalt(error: unknown): Error {
    if (error instanceof FencedError || error instanceof RunExistsError || error === this.#halted) {
      return error as Error;
    }
    // A value that cannot be kept is the author's to mend, not the store's.
    if (this.#claim === undefined && error instanceof Error && "code" in error) {
      if (error.code === "ORCH_NOT_SERIALIZABLE") return error;
    }
    return new NotWrittenError({ runId: this.#spec.runId }, error);
  }

  /** Takes an event of the recorder: held back while what it tells of is not on disk. */
  #hear(event: OrchestrationEvent): void {
    const isOnDisk =
      this.#spec.level === "end" || (this.#arrived === undefined && !this.#isNew && this.#unwritten === 0);
    this.#held.push(event);
    if (isOnDisk) this.#release();
  }

  #release(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    for (const event of held) {
      this.#delivered = event.seq;
      this.#spec.deliver?.(event);
    }
  }
}

/** What a list of runs has to learn. */
function changes(
  status: StoredStatus,
  before: StoredStatus,
  dueAt: number | null,
  dueBefore: number | null,
): Pick<Append, "status" | "dueAt"> {
  return { ...(status === before ? {} : { status }), ...(dueAt === dueBefore ? {} : { dueAt }) };
}

/** Something that begins when what led to it is on disk. */
interface Launch {
  /** When a wait ends, in milliseconds since the epoch; 0 for what is no wait. */
  readonly due: number;
  readonly launch: () => void;
}

const NOTED = {
  asked: "the prompt",
  answered: "the answer",
  slept: "the due time",
  once: "a value kept by ctx.once",
} as const;

function splitNote(note: string): readonly ["asked" | "answered" | "slept" | "once", string | undefined] {
  const at = note.indexOf(":");
  const type = (at === -1 ? note : note.slice(0, at)) as keyof typeof NOTED;
  return [type, at === -1 ? undefined : note.slice(at + 1)];
}

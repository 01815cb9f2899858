/** The journal of one run while it is driven: what is written of it, under which claim, and what is on disk. */

import { FencedError } from "../errors/fenced-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { given } from "../platform/given.ts";
import type { JournalRecord, JournalRecordType } from "../words/journal-record.ts";
import { type Arrived, textOf } from "./arrivals.ts";
import { changesOf } from "./changes-of.ts";
import type { Dues } from "./dues.ts";
import type { DurableSpec } from "./durable-spec.ts";
import type { JournalOwner } from "./journal-owner.ts";
import { type Append, type Claim, isEnd, type StoredStatus } from "./journal-store.ts";
import type { Json } from "./json.ts";
import { isLarge } from "./part-place.ts";
import type { PartWriter, WrittenParts } from "./part-writer.ts";
import { detailsText, extrasOf, NO_DETAILS, type RecordDetails } from "./record-codec.ts";
import type { Verdict } from "./stored-request.ts";
import { ToldAhead } from "./told-ahead.ts";

/** Writes the records of one run, in their order. */
export class RunJournal {
  readonly #spec: DurableSpec;
  readonly #parts: PartWriter;
  /** When the waits and deadlines of the run end. */
  readonly #dues: Dues;
  readonly #owner: JournalOwner;
  /** Up to which number events may be told. */
  readonly ahead: ToldAhead;
  #claim: Claim | undefined;
  #number: number;
  #isNew: boolean;
  #whenKept: (() => void) | undefined;
  /** Settles when a new run is in the store; absent when it was written at once. */
  #beginning: Promise<void> | undefined;
  #status: StoredStatus;
  #dueAt: number | null;
  #unwritten = 0;
  /** How many records the writes have that are not on disk yet. */
  #records = 0;
  /** Whether the record that is written raises the limit of the events that may be told. */
  #isReserving = false;

  constructor(spec: DurableSpec, dues: Dues, owner: JournalOwner) {
    const { create, resume } = spec;
    this.#spec = spec;
    this.#parts = spec.parts;
    this.#dues = dues;
    this.#owner = owner;
    this.ahead = new ToldAhead(spec.level === "end", owner.recorder?.seq ?? 0);
    this.#isNew = create !== undefined;
    this.#claim = resume?.claim;
    this.#number = resume?.next ?? 1;
    this.#status = resume?.stored.status ?? "running";
    this.#dueAt = resume?.stored.dueAt ?? null;
  }

  get claim(): Claim | undefined {
    return this.#claim;
  }

  /** Whether the run is not in the store yet. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Whether all that was written is on disk. */
  get isOnDisk(): boolean {
    return !this.#isNew && this.#unwritten === 0;
  }

  /** Calls `tell` when the run is in the store, which it may be already. */
  whenKept(tell: () => void): void {
    if (this.#isNew) this.#whenKept = tell;
    else tell();
  }

  /** How many records the journal has, with those that are not on disk yet. */
  get count(): number {
    return this.#number - 1;
  }

  /** How many records are not on disk yet. */
  get records(): number {
    return this.#records;
  }

  /** Waits until a run that begins is in the store. Throws why it could not begin. */
  async begun(): Promise<void> {
    // A run starts a moment after it was made, so that listeners can be added.
    await Promise.resolve();
    await this.#beginning;
  }

  /** Stops waiting for the writes that are not on disk yet. */
  giveUp(): void {
    this.#unwritten = 0;
  }

  /** Creates the run with its first record. Gives a promise where it is not on disk yet. */
  begin(decided: readonly Json[]): Promise<void> | undefined {
    const { run, writer, create, codec, lease, doors } = this.#spec;
    const { root, ended } = run;
    const json = codec.encode(root.input, `the input of "${root.runnable.id}"`);
    const { value, parts }: Partial<WrittenParts> = isLarge(json) ? this.#parts.text(json!) : textOf(json);
    const more = this.#more(this.#startDetails(), parts, decided);
    const written = this.ahead.written(this.#seq);
    const records = [this.#record("started", root.path, value, more)];
    if (ended !== undefined) records.push(this.#done(ended.kind));
    const claim = writer.create({ run: create!, records, until: doors.clock.now() + lease });
    const created = (result: Claim | "exists"): void | Promise<void> => {
      if (result === "exists") throw new RunExistsError({ runId: doors.runId });
      this.#claim = result;
      this.#isNew = false;
      written();
      this.#whenKept?.();
      this.#number = 1 + records.length;
      this.#owner.onDisk();
      const dueAt = this.#dues.earliest();
      if (ended === undefined && dueAt === null) return;
      return this.#append([], ended?.kind ?? "running", ended !== undefined);
    };
    if (!(claim instanceof Promise)) return created(claim) ?? undefined;
    this.#records = records.length;
    this.#beginning = claim.then((result) => {
      this.#records = 0;
      return created(result);
    });
    return this.#beginning;
  }

  /**
   * Writes a completion with what was decided on account of it. Gives a promise where it is not on disk yet. With
   * `verdicts`, where there may be none, it has to be on disk soon also at level `end`.
   */
  commit(
    arrived: Arrived,
    decided: readonly Json[],
    verdicts: readonly Verdict[] | undefined,
  ): Promise<void> | undefined {
    const { type, path, value, name, key, operation } = arrived;
    const named = name === undefined ? NO_DETAILS : { n: name, ...given({ k: key }) };
    const extras = operation === undefined ? named : extrasOf(operation, this.#spec.codec);
    const more = this.#more(extras, arrived.parts, decided);
    const records = [this.#record(type, path, value, more)];
    const { ended } = this.#spec.run;
    const isUrgent = verdicts !== undefined || this.#isReserving;
    if (ended === undefined) return this.#append(records, "running", isUrgent, verdicts);
    records.push(this.#done(ended.kind));
    return this.#append(records, ended.kind, true, verdicts);
  }

  /** Writes a note of an operation. `urgent`: it has to be on disk soon also at level `end`. */
  note(
    type: JournalRecordType,
    path: string,
    name: string | undefined,
    json: Json | undefined,
    urgent: boolean,
    verdict?: Verdict,
  ): Promise<void> | undefined {
    this.#spec.time.begin();
    const details = this.#reserving(name === undefined ? NO_DETAILS : { n: name });
    const record = this.#record(type, path, textOf(json).value, detailsText(details));
    const isUrgent = urgent || details.b !== undefined;
    return this.#append([record], this.#status, isUrgent, verdict && [verdict]);
  }

  /** Writes that the run waits for an answer to one of these questions. */
  wait(questions: readonly string[]): void {
    this.#spec.time.begin();
    const record = this.#record("waiting", this.#spec.run.root.path, JSON.stringify(questions), undefined);
    this.#beside([record], "waiting");
    this.#spec.rests();
  }

  /** Writes verdicts on requests that change nothing in the run. */
  decide(verdicts: readonly Verdict[]): void {
    // The process that asked sees the end of a run by itself.
    if (this.#claim !== undefined) this.#beside([], this.#status, verdicts);
  }

  /** Writes what the run does not wait for. */
  #beside(records: readonly JournalRecord[], status: StoredStatus, verdicts?: readonly Verdict[]): void {
    try {
      void this.#append(records, status, true, verdicts);
    } catch (error) {
      this.#owner.fail(error);
    }
  }

  /** Writes, before the run is suspended, that no event was told that is not kept. */
  settle(): void {
    if (this.#isNew || this.#claim === undefined || !this.ahead.isKept) return;
    this.ahead.close(this.#seq);
    const record = this.#record("missed", this.#spec.run.root.path, "0", undefined);
    this.#beside([record], this.#status);
  }

  /** The number of the last event. */
  get #seq(): number {
    return this.#owner.recorder?.seq ?? 0;
  }

  /** Adds the limit of the events that may be told, where it has to be raised. */
  #reserving(details: RecordDetails): RecordDetails {
    const b = this.#owner.recorder === undefined ? undefined : this.ahead.reserve(this.#seq);
    return b === undefined ? details : { ...details, b };
  }

  /** What goes with a completion, and with the parts of its value. */
  #more(extras: RecordDetails, parts: Arrived["parts"], decided: readonly Json[]): string | undefined {
    const details = this.#reserving(extras);
    this.#isReserving = details.b !== undefined;
    return this.#parts.taking(details, parts, decided, this.#number);
  }

  /** The rules of the run, and the name of its graph. */
  #startDetails(): RecordDetails {
    const { run, graph } = this.#spec;
    if (graph !== undefined) return run.yields ? { r: 2, h: graph } : { h: graph };
    return run.yields ? { r: 2 } : NO_DETAILS;
  }

  #done(kind: "completed" | "failed" | "cancelled"): JournalRecord {
    const { path, attached } = this.#spec.run.root;
    const c = attached?.censuses;
    const more = c === undefined ? undefined : detailsText({ c });
    return this.#record("done", path, JSON.stringify(kind), more);
  }

  #record(
    type: JournalRecordType,
    path: string,
    value: string | undefined,
    more: string | undefined,
  ): JournalRecord {
    const at = this.#spec.time.now();
    if (value === undefined) return more === undefined ? { type, at, path } : { type, at, path, more };
    return more === undefined ? { type, at, path, value } : { type, at, path, value, more };
  }

  /** Adds records; gives a promise where they are not on disk yet. */
  #append(
    records: readonly JournalRecord[],
    status: StoredStatus,
    urgent: boolean,
    verdicts: readonly Verdict[] = [],
  ): Promise<void> | undefined {
    const { writer } = this.#spec;
    const dueAt = this.#dues.earliest();
    const claim = this.#claim!;
    const from = this.#number;
    const isSame = status === this.#status && dueAt === this.#dueAt;
    const made: Append = isSame
      ? { claim, from, records }
      : { claim, from, records, ...changesOf(status, this.#status, dueAt, this.#dueAt) };
    const append = verdicts.length === 0 ? made : { ...made, verdicts };
    this.#number += records.length;
    this.#status = status;
    this.#dueAt = dueAt;
    const lost = writer.write(append, urgent);
    // The store ends the claim with the run; there is nothing to renew or to release.
    if (isEnd(status)) this.#claim = undefined;
    if (!(lost instanceof Promise)) {
      this.#refuseLost(lost);
      return undefined;
    }
    return this.#later(claim, lost, records.length);
  }

  #later(claim: Claim, lost: Promise<ReadonlySet<string>>, records: number): Promise<void> {
    this.#unwritten += 1;
    const raise = this.ahead.written(this.#seq);
    this.#records += records;
    const written = lost.then((names) => {
      this.#unwritten -= 1;
      this.#records -= records;
      this.#refuseLost(names);
      raise();
      if (this.#unwritten <= 0) this.#owner.onDisk();
    });
    written.catch((error: unknown) => {
      this.#claim = claim;
      this.#owner.fail(error);
    });
    return written;
  }

  #refuseLost(lost: ReadonlySet<string>): void {
    const { runId } = this.#spec.doors;
    if (lost.has(runId)) throw new FencedError({ runId });
  }
}

/**
 * A memory host that forgets: after every completion the run is thrown away and made again from its
 * journal. The whole functional suite runs on it a second time (see vitest.config.ts), so whatever
 * the engine keeps in a run has to be in the journal too. Values go by reference, as in memory; failures go as data,
 * as everywhere where runs are kept. Where a run has a snapshot, it goes on from that and from the records after it, which have
 * to make the same run as all records do. When a run ends it is told once more from its journal: the edges that were taken,
 * and the failures that were seen, have to be the same.
 */

import { isDeepStrictEqual } from "node:util";
import type { Codec } from "../src/durable/codec.ts";
import { fold } from "../src/durable/fold.ts";
import type { Folded } from "../src/durable/folded.ts";
import type { Json } from "../src/durable/json.ts";
import {
  decisionToJson,
  detailsText,
  extrasOf,
  plainNote,
  restoreExtras,
} from "../src/durable/record-codec.ts";
import { PLAIN } from "../src/durable/record-reader.ts";
import { restoredRun } from "../src/durable/restored-run.ts";
import { asRevived, errorJson } from "../src/durable/revive.ts";
import { type SnapshotForm, snapshotForm } from "../src/durable/snapshot-form.ts";
import type { Activation } from "../src/kernel/activation.ts";
import type { Decisions } from "../src/kernel/decisions.ts";
import { fanAround, takesItem } from "../src/kernel/growing.ts";
import { findOpen } from "../src/kernel/leaves.ts";
import { Recorder } from "../src/kernel/recorder.ts";
import { type Completion, deadlineOf, type RunState, type TimerPurpose } from "../src/kernel/transition.ts";
import type { Driver, Taker } from "../src/run/driver.ts";
import type { DriverDoors, DriverHooks } from "../src/run/driver-hooks.ts";
import type { QueuedState } from "../src/run/gate-place.ts";
import { Halts } from "../src/run/halts.ts";
import { LocalDriver as RealDriver } from "../src/run/local-driver.ts";
import type { Questions } from "../src/run/questions.ts";
import type { OrchestrationEvent } from "../src/words/events.ts";
import type { JournalRecord, JournalRecordType } from "../src/words/journal-record.ts";

/**
 * How often a run was thrown away, how often it was made again from a snapshot, and how many edges and failures were
 * compared, so that a test can tell that this host is in use.
 */
export const forgotten: { times: number; restored: number; compared: number } = {
  times: 0,
  restored: 0,
  compared: 0,
};

/** What was taken last: as a record without its decisions. */
interface Taken {
  readonly type: JournalRecordType;
  readonly path: string;
  readonly value: Json | undefined;
  readonly operation?: Activation;
  readonly name?: string;
  readonly key?: string | undefined;
}

/** A snapshot as text, and how many records it has. */
interface TakenSnapshot {
  readonly text: string;
  readonly records: number;
}

export class LocalDriver implements Driver, Taker {
  readonly #real: RealDriver;
  readonly #run: RunState;
  readonly decisions: Decisions;
  #taker: Taker | undefined;
  readonly #values: unknown[] = [];
  /** The places of values in the list. */
  readonly #places = new Map<unknown, number>();
  readonly #codec: Codec;
  readonly #journal: JournalRecord[] = [];
  #snapshot: TakenSnapshot | undefined;
  #decided: Json[] = [];
  #taken: Taken | undefined;
  #launches: (() => void)[] = [];
  /** Those under way, as they were when they began, by path. */
  readonly #underWay = new Map<string, Activation>();
  #grace = 1_000;
  #halts: Halts | undefined;
  #held: ReadonlySet<Activation> = new Set();
  readonly #told: OrchestrationEvent[] = [];

  constructor(
    run: RunState,
    doors: DriverDoors,
    write?: (event: OrchestrationEvent) => void,
    hooks: DriverHooks = {},
  ) {
    this.#run = run;
    this.#codec = {
      encode: (value) => (value === undefined ? undefined : { at: this.#placeOf(value) }),
      decode: (json) => (json === undefined ? undefined : this.#values[(json as { at: number }).at]),
    };
    this.decisions = {
      recall: () => undefined,
      recallMark: () => undefined,
      recallMet: () => undefined,
      admit: (decision) => decision,
      note: (decision) => this.#decided.push(decisionToJson(decision, this.#codec)),
      kept: asRevived,
    };
    const heard = (event: OrchestrationEvent): void => {
      this.#told.push(event);
      write?.(event);
    };
    this.#real = new RealDriver(run, doors, heard, {
      ...hooks,
      keep: (operation, note, value) => this.#keep(operation, note, value),
    });
  }

  #placeOf(value: unknown): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    const place = this.#values.push(value) - 1;
    this.#places.set(value, place);
    return place;
  }

  get runId(): string {
    return this.#real.runId;
  }

  get recorder(): Recorder | undefined {
    return this.#real.recorder;
  }

  get hasTimers(): boolean {
    return this.#real.hasTimers;
  }

  get yields(): boolean {
    return this.#run.yields;
  }

  get grace(): number {
    return this.#real.grace;
  }

  get questions(): Questions {
    return this.#real.questions;
  }

  get isWaiting(): boolean {
    return this.#real.isWaiting;
  }

  queuedAt(leaf: Activation): QueuedState | undefined {
    return this.#real.queuedAt(leaf);
  }

  exec(operation: Activation): void {
    const { path } = operation;
    this.#launches.push(() => {
      const twin = findOpen(this.#run.root, path);
      if (twin === undefined || this.#held.has(twin)) return;
      this.#underWay.set(path, twin);
      this.#real.exec(twin);
    });
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    if (purpose === "grace") this.#grace = ms;
    this.#launches.push(() => this.#real.timer(activation, ms, purpose));
  }

  /** The fold tells which are halted. */
  halted(): void {}

  drop(): void {}

  answer(id: string, value: unknown): Promise<void> {
    return this.#real.answer(id, value);
  }

  deliver(completion: Completion): void {
    this.#real.deliver(completion);
  }

  next(taker: Taker): Completion | undefined {
    this.#taker = taker;
    this.#forget();
    const launches = this.#launches;
    this.#launches = [];
    for (const launch of launches) launch();
    this.#halts?.settle();
    return this.#next();
  }

  arrive(completion: Completion): void {
    const arrival = this.#taking(completion) ?? this.#next();
    if (arrival !== undefined) this.#taker!.arrive(arrival);
  }

  fail(error: unknown): void {
    this.#taker!.fail(error);
  }

  close(): void {
    this.#write();
    this.#real.close();
    compare(this.#told, this.#retold());
  }

  /** What the journal tells. */
  #retold(): readonly OrchestrationEvent[] {
    const events: OrchestrationEvent[] = [];
    const recorder = new Recorder(this.runId, this.#real.clock, (event) => events.push(event));
    this.#fold(recorder);
    return events;
  }

  #next(): Completion | undefined {
    for (;;) {
      const arrival = this.#real.next(this);
      if (arrival === undefined) return undefined;
      const taken = this.#taking(arrival);
      if (taken !== undefined) return taken;
    }
  }

  /** The same completion, about the run as it is now; `undefined` when it is not wanted any more. */
  #taking(arrival: Completion): Completion | undefined {
    if (arrival.kind === "cancel") {
      this.#taken = { type: "cancelled", path: this.#run.root.path, value: arrival.reason };
      return arrival;
    }
    if (arrival.kind === "completed" || arrival.kind === "failed") {
      const { path, attempt, attached } = arrival.operation;
      const operation = findOpen(this.#run.root, path);
      if (operation === undefined || operation.frame !== undefined) return undefined;
      this.#underWay.delete(path);
      operation.attempt = attempt;
      if (attached !== undefined) {
        // Whether it rests is known to the run as it is now.
        const { rests } = operation.attach();
        Object.assign(operation.attach(), attached, { rests });
      }
      if (arrival.kind === "failed") operation.attach().writes = [];
      if (arrival.kind === "failed") {
        const error = asRevived(arrival.error);
        this.#taken = { type: "failed", path, operation, value: errorJson(error) };
        return { kind: "failed", operation, error };
      }
      this.#taken = { type: "committed", path, operation, value: this.#codec.encode(arrival.value, "") };
      return { ...arrival, operation };
    }
    if (arrival.kind === "rest") {
      const { path } = arrival.operation;
      const operation = findOpen(this.#run.root, path);
      if (operation === undefined || operation.frame !== undefined) return undefined;
      this.#taken = { type: "rested", path, value: arrival.rests };
      return { ...arrival, operation };
    }
    if (arrival.kind === "add") {
      const { path } = arrival.fan;
      const fan = fanAround(this.#run.root, path);
      if (fan === undefined || !takesItem({ ...arrival, fan })) return undefined;
      this.#taken = { type: "added", path, value: this.#codec.encode(arrival.item, ""), name: arrival.key };
      return { ...arrival, operation: fan, fan };
    }
    if (arrival.kind === "signal") {
      const { name, value, key } = arrival.signal;
      const { path } = this.#run.root;
      this.#taken = {
        type: "signalled",
        path,
        value: this.#codec.encode(value, ""),
        name,
        key,
      };
      return arrival;
    }
    const { path } = arrival.activation;
    const activation = findOpen(this.#run.root, path);
    if (activation === undefined) return undefined;
    if (arrival.kind === "timer" && arrival.purpose === "grace") {
      this.#taken = { type: "dropped", path, value: undefined };
      return { ...arrival, activation };
    }
    if (activation.frame === undefined || activation.frame.closing !== undefined) return undefined;
    const error = asRevived(arrival.kind === "stop" ? arrival.error : deadlineOf(activation));
    this.#taken = { type: "stopped", path, value: errorJson(error) };
    return { kind: "stop", activation, error };
  }

  #write(): void {
    const { root } = this.#run;
    const isFirst = this.#journal.length === 0;
    const taken: Taken | undefined = isFirst
      ? { type: "started", path: root.path, value: this.#codec.encode(root.input, "") }
      : this.#taken;
    this.#taken = undefined;
    if (taken === undefined) return;
    const extras = taken.operation === undefined ? {} : extrasOf(taken.operation, this.#codec);
    const rules = isFirst ? { r: 2 as const } : {};
    this.#add(taken.type, taken.path, taken.value, {
      ...extras,
      ...rules,
      ...(taken.name !== undefined && { n: taken.name }),
      ...(taken.key !== undefined && { k: taken.key }),
      d: this.#decided,
    });
    this.#decided = [];
  }

  #add(type: JournalRecordType, path: string, value: Json | undefined, details: object): void {
    const more = detailsText(details);
    const at = this.#real.clock.now();
    const text = value === undefined ? {} : { value: JSON.stringify(value) };
    this.#journal.push({ type, at, path, ...text, ...(more === undefined ? {} : { more }) });
  }

  #keep(operation: Activation, note: string, value: unknown): unknown {
    const [type, name] = note.includes(":") ? note.split(/:(.*)/s) : [note];
    const details = name === undefined ? {} : { n: name };
    const json = PLAIN.has(type!) ? plainNote(value as never) : this.#codec.encode(value, "");
    this.#add(type as JournalRecordType, operation.path, json, details);
    return value;
  }

  #fold(recorder?: Recorder): Folded {
    const { runId } = this.#real;
    const options = { runId, codec: this.#codec, grace: this.#grace, ...(recorder && { recorder }) };
    return fold(this.#run.root.runnable.source, { records: this.#journal }, options);
  }

  /** The run from its snapshot on, where it has one, held against the run that all records make. */
  #folded(): Folded {
    const whole = this.#fold();
    const snapshot = this.#snapshot;
    const folded = snapshot === undefined ? whole : this.#restored(snapshot);
    const [before, after] = [this.#formOf(whole), this.#formOf(folded)];
    if (before !== after) throw new Error(`From all records: ${before}\nFrom a snapshot: ${after}`);
    const form = snapshotForm(folded, this.#codec);
    // Now and then there is one more record between them.
    if (form !== undefined && forgotten.times % 3 > 0)
      this.#snapshot = { text: JSON.stringify(form), records: this.#journal.length };
    return folded;
  }

  #restored({ text, records }: TakenSnapshot): Folded {
    forgotten.restored += 1;
    const { source } = this.#run.root.runnable;
    const restored = restoredRun(JSON.parse(text) as SnapshotForm, source, this.#codec);
    const tail = this.#journal.slice(records);
    const numbers = tail.map((_, index) => records + 1 + index);
    const options = { runId: this.runId, codec: this.#codec, grace: this.#grace };
    return fold(source, { records: tail, numbers }, options, restored);
  }

  /** A run as text that two runs have in common when they hold the same values. */
  #formOf(folded: Folded): string | undefined {
    // What is copied on the way is another object in each of them.
    const encode: Codec["encode"] = (value) =>
      value === undefined
        ? undefined
        : typeof value === "object"
          ? { at: this.#values.findIndex((one) => one === value || isDeepStrictEqual(one, value)) }
          : { at: this.#placeOf(value) };
    return JSON.stringify(snapshotForm(folded, { ...this.#codec, encode }));
  }

  /** Throws the run away, and makes it again from its journal. */
  #forget(): void {
    forgotten.times += 1;
    this.#write();
    const folded = this.#folded();
    this.#halts = folded.halted.length === 0 ? undefined : new Halts((stop) => this.#real.deliver(stop));
    this.#held = folded.held;
    for (const fan of folded.halted) this.#halts!.add(fan);
    for (const operation of folded.held) this.#halts!.hold(operation);
    this.#run.root = folded.run.root;
    // Who waits for a signal waits at the mailbox of the run as it is now.
    const { mailbox } = this.#run.root.attached ?? {};
    if (mailbox !== undefined) this.#real.questions.besides = mailbox;
    this.#run.values = folded.run.values;
    for (const [path, began] of this.#underWay) {
      const twin = folded.open.get(path);
      if (twin === undefined) {
        this.#underWay.delete(path);
        began.over = true;
        for (const cancel of began.attached?.alarms ?? []) cancel();
        continue;
      }
      restoreExtras(twin, { a: began.attempt }, this.#codec);
      // The work hears of an abort by the signal it was given.
      const pass = (): void => began.abort(twin.reason!);
      if (twin.reason !== undefined) pass();
      else twin.signal.addEventListener("abort", pass, { once: true });
    }
  }
}

/** The edges that were taken and the failures that were seen, as lines of text. */
function wayOf(events: readonly OrchestrationEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "state.transition") {
      const { path, from, to, cause, advancers, error } = event;
      return JSON.stringify([path, from, to, cause, advancers, error]);
    }
    if (event.type === "state.failed") return JSON.stringify([event.path, event.cancelled, event.error]);
    return event.type === "run.failed" ? JSON.stringify([event.path, event.error]) : [];
  });
}

function compare(told: readonly OrchestrationEvent[], retold: readonly OrchestrationEvent[]): void {
  const [before, after] = [wayOf(told), wayOf(retold)];
  forgotten.compared += before.length;
  const place = before.findIndex((line, index) => line !== after[index]);
  if (place === -1 && before.length === after.length) return;
  throw new Error(`Told: ${before.at(place)}\nTold again from the journal: ${after.at(place)}`);
}

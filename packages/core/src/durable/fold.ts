/**
 * Folding: a run's state made again from its journal. The transition takes the recorded completions
 * in their order and recalls the recorded decisions, so nothing of the user's runs but the factories
 * of `choose`.
 */

import { JournalDamagedError } from "../errors/journal-damaged-error.ts";
import { Activation } from "../kernel/activation.ts";
import { circuitNoted, resetCircuit } from "../kernel/circuit.ts";
import { addedTo } from "../kernel/growing.ts";
import { findOpen } from "../kernel/leaves.ts";
import { newRun } from "../kernel/new-run.ts";
import { Recorder } from "../kernel/recorder.ts";
import { begin, type Completion, type RunState, type Sink, take } from "../kernel/transition.ts";
import type { Asked } from "../kernel/waits.ts";
import { QuestionEnds } from "../run/question-ends.ts";
import type { Spending } from "../words/context.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type Counted, numberOf } from "./effective.ts";
import { closeQuestions, endQuestions } from "./end-questions.ts";
import type { FoldOptions } from "./fold-options.ts";
import type { Folded, OpenTimer } from "./folded.ts";
import { FoldedHalts } from "./folded-halts.ts";
import { giving } from "./gift.ts";
import type { Json } from "./json.ts";
import { Misfit } from "./misfit.ts";
import { OpenOperations } from "./open-operations.ts";
import { askAgain, waitAgain } from "./open-questions.ts";
import type { PartReader } from "./part-reader.ts";
import { NO_DETAILS, type RecordDetails, restoreExtras, signalIn } from "./record-codec.ts";
import { RecordReader } from "./record-reader.ts";
import { chargeOld, Retelling } from "./retelling.ts";
import { revive } from "./revive.ts";
import { isHandedOn } from "./undecoded.ts";

/**
 * Makes the state of a run.
 *
 * @param from the run before these records, which it goes on with; absent for a journal from its beginning.
 * @throws Misfit when the records do not fit the runnable; JournalDamagedError when one cannot be read.
 */
export function fold(runnable: AnyRunnable, counted: Counted, options: FoldOptions, from?: Folded): Folded {
  const folding = new Folding(runnable, options, counted.parts);
  if (from !== undefined) folding.goOnFrom(from);
  for (const [index, record] of counted.records.entries()) folding.take(numberOf(counted, index), record);
  return folding.result();
}

class Folding {
  readonly #options: FoldOptions;
  readonly #reader: RecordReader;
  #run: RunState;
  readonly #open = new OpenOperations();
  #timers: OpenTimer[] = [];
  readonly #halts = new FoldedHalts();
  readonly #questions = new QuestionEnds();
  #now = 0;
  #number = 0;
  /** The record with which each failure came up. */
  readonly #failures = new Map<Error, number>();
  /** Counts the events where no one is to hear them. */
  readonly #tell: Retelling;
  readonly #sink: { -readonly [TKey in keyof Sink]: Sink[TKey] };

  constructor(runnable: AnyRunnable, options: FoldOptions, parts: PartReader | undefined) {
    this.#options = options;
    this.#run = newRun(runnable, undefined);
    const { runId, recorder, grace } = options;
    this.#reader = new RecordReader({ ...options, parts, shares: recorder !== undefined });
    this.#tell = new Retelling(recorder ?? new Recorder(runId, { now: () => this.#now }));
    this.#sink = {
      yields: true,
      exec: (operation) => this.#exec(operation),
      timer: (activation, ms, purpose) => {
        const due = Math.max(this.#now, options.since ?? 0) + ms;
        this.#timers.push({ activation, due, ms, purpose });
      },
      halted: (fan) => this.#halts.add(fan),
      drop: (operation) => this.#drop(operation),
      recorder: this.#tell.recorder,
      grace,
      decisions: options.watch?.decisions(this.#reader.decisions) ?? this.#reader.decisions,
      entering: options.watch?.entering,
      met: options.watch?.met,
      failed: (error) => {
        if (!this.#failures.has(error)) this.#failures.set(error, this.#number);
      },
    };
  }

  goOnFrom({ run, open, timers, questions, events, limit, halted, held }: Folded): void {
    this.#run = run;
    this.#sink.yields = run.yields;
    this.#timers = [...timers];
    this.#questions.add(questions);
    this.#halts.goOnFrom(halted, held);
    this.#tell.recorder.goOnFrom(events);
    this.#tell.limit = limit;
    for (const operation of open.values()) this.#open.add(operation);
  }

  take(number: number, record: JournalRecord): void {
    const { type, path, value: text } = record;
    const { at, after, watch } = this.#options;
    this.#number = number;
    this.#now = record.at;
    at?.(record.at);
    const details = this.#reader.details(number, record);
    const { g } = details;
    this.#sink.entering = g === undefined ? watch?.entering : giving(g, this.#options);
    const operation = this.#open.find(path);
    const isKept = type === "committed" && this.#options.recorder === undefined;
    const value =
      isKept && operation !== undefined && text !== undefined && isHandedOn(operation, this.#reader.decided)
        ? this.#reader.undecoded(text, number)
        : this.#reader.value(number, type, text);
    try {
      this.#apply(record, operation, value, details);
    } catch (error) {
      if (error instanceof Misfit || error instanceof JournalDamagedError) throw error;
      // The present definition would give another result than the recorded one.
      throw new Misfit(number, path);
    }
    if (this.#reader.isLeft) throw new Misfit(number, path);
    const { heard } = this.#reader;
    after?.(heard);
    this.#tell.took(type, details, heard);
    watch?.after(details);
  }

  /** Decodes the input of an operation, where it was passed on as text. */
  #reveal(operation: Activation): void {
    (operation as { input: unknown }).input = this.#reader.reveal(operation.input);
  }

  result(): Folded {
    const { ended } = this.#run;
    const open = this.#open.byPath();
    for (const operation of open.values()) this.#reveal(operation);
    closeQuestions({ run: this.#run, open }, this.#questions);
    return {
      run: this.#run,
      open,
      timers: this.#timers.filter(({ activation }) => !activation.over),
      ...this.#halts.result(),
      events: this.#tell.recorder.seq,
      limit: this.#tell.limit,
      questions: this.#questions,
      failedAt:
        ended === undefined || ended.kind === "completed" ? undefined : this.#failures.get(ended.error),
    };
  }

  #apply(
    record: JournalRecord,
    opened: Activation | undefined,
    value: unknown,
    details: RecordDetails,
  ): void {
    switch (record.type) {
      case "started":
        this.#started(record, value, details);
        break;
      case "committed":
      case "failed":
        this.#ended(record, this.#known(opened, record.path), value, details);
        break;
      case "asked":
      case "answered":
      case "slept":
      case "once":
      case "retrying":
      case "held":
        this.#noted(record, this.#known(opened, record.path), value, details);
        break;
      case "spent":
        this.#tell.spent(this.#run.root, opened, record.path, value as Spending);
        break;
      case "waiting":
        this.#tell.recorder.waiting(this.#run.root, value as readonly string[]);
        break;
      case "rested":
        this.#take({ kind: "rest", operation: this.#known(opened, record.path), rests: value === true });
        break;
      case "missed":
        this.#tell.missed(this.#run.root, Number(value));
        break;
      case "added":
        this.#take(addedTo(this.#run.root, record.path, value, details.n!));
        break;
      case "stopped":
        this.#stopped(record.path, revive(value as Json | undefined));
        break;
      case "dropped": {
        const activation = this.#found(record.path);
        chargeOld(activation, details);
        this.#take({ kind: "timer", activation, purpose: "grace" });
        break;
      }
      case "signalled":
        this.#take(signalIn(value, details));
        break;
      case "cancelled":
        this.#take({ kind: "cancel", reason: String(value) });
        this.#sink.failed!(this.#run.root.reason!);
        break;
      case "retried":
        this.#retried(details);
    }
  }

  #stopped(path: string, error: Error): void {
    this.#take({ kind: "stop", activation: this.#found(path), error });
  }

  #started({ path }: JournalRecord, value: unknown, { r }: RecordDetails): void {
    const { runnable } = this.#run.root;
    if (path !== runnable.id) throw new Misfit(this.#number, path);
    this.#run.root = new Activation(undefined, runnable, value);
    this.#run.yields = this.#sink.yields = r !== undefined;
    begin(this.#run, this.#sink);
  }

  #retried(details: RecordDetails): void {
    // The time of a deadline or a question starts again, or it would have passed already.
    this.#timers = this.#timers.map((timer) => ({ ...timer, due: this.#now + timer.ms }));
    this.#tell.retried(this.#run.root, details, this.#open.byPath().values(), this.#now);
    resetCircuit(this.#run.root);
    if (details.o !== undefined) this.#halts.reopen(this.#run, this.#sink, details.o === 2);
  }

  /** An operation ended, with its value or its failure. */
  #ended({ type }: JournalRecord, operation: Activation, value: unknown, details: RecordDetails): void {
    if (type === "failed" || details.w !== undefined) this.#reveal(operation);
    if (details !== NO_DETAILS) {
      restoreExtras(operation, details, this.#options.codec);
      chargeOld(operation, details);
    }
    this.#open.remove(operation);
    const error = type === "failed" ? revive(value as Json | undefined) : undefined;
    endQuestions(operation, this.#questions, error);
    this.#take(
      error === undefined ? { kind: "completed", operation, value } : { kind: "failed", operation, error },
    );
  }

  #drop(operation: Activation): void {
    this.#open.remove(operation);
    endQuestions(operation, this.#questions);
  }

  #exec(operation: Activation): void {
    this.#open.add(operation);
    this.#halts.began(operation);
  }

  #take(completion: Completion): void {
    take(this.#run, completion, this.#sink);
  }

  /** Takes a note of an operation. The operation may be gone already, when its last attempt was abandoned. */
  #noted(
    { type, path }: JournalRecord,
    operation: Activation,
    value: unknown,
    { n, u }: RecordDetails,
  ): void {
    const name = n === undefined ? type : `${type}:${n}`;
    const note = type === "held" ? revive(value as Json) : value;
    if (u === undefined) operation.attach().notes.set(name, { kind: "kept", value: note });
    const { since = 0 } = this.#options;
    if (type === "asked" && (value as Asked).askedAt < since) askAgain(operation, since);
    if (type === "slept") waitAgain(operation, since);
    const question = n === undefined ? path : `${path}/${n}`;
    if (type === "answered") this.#questions.answered(question);
    if (operation.parent === undefined) circuitNoted(operation, type, value, this.#sink);
    this.#tell.noted(operation, type, question, value);
  }

  #known(operation: Activation | undefined, path: string): Activation {
    // The circuit is of the whole run.
    if (operation === undefined && path === this.#run.root.path) return this.#run.root;
    if (operation === undefined) throw new Misfit(this.#number, path);
    return operation;
  }

  #found(path: string): Activation {
    const activation = findOpen(this.#run.root, path);
    if (activation === undefined) throw new Misfit(this.#number, path);
    return activation;
  }
}

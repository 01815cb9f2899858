/**
 * Folding: a run's state made again from its journal. The transition takes the recorded completions
 * in their order and recalls the recorded decisions, so nothing of the user's runs but the factories
 * of `choose`.
 */
import { Activation } from "../activation.ts";
import { charge } from "../budget.ts";
import { compiled } from "../compiled.ts";
import type { Spending } from "../context.ts";
import type { Decision } from "../decisions.ts";
import { JournalDamagedError } from "../errors/host-errors.ts";
import { errorFromJson } from "../errors/revive.ts";
import type { AnyRunnable } from "../fits.ts";
import { type Json, readJson } from "../json.ts";
import { findOpen } from "../leaves.ts";
import type { Recorder } from "../recorder.ts";
import { begin, type Completion, type RunState, type Sink, type TimerPurpose, take } from "../transition.ts";
import type { Codec } from "./codec.ts";
import type { JournalRecord } from "./journal-record.ts";
import { decisionFromJson, detailsOf, type RecordDetails, restoreExtras } from "./record-codec.ts";

/** A timer that was set and has not been seen to fire. */
export interface OpenTimer {
  readonly activation: Activation;
  /** In milliseconds since the epoch. */
  readonly due: number;
  readonly ms: number;
  readonly purpose: TimerPurpose;
}

/** A run, as far as its journal goes. */
export interface Folded {
  readonly run: RunState;
  /** Operations to be executed again, by path. */
  readonly open: ReadonlyMap<string, Activation>;
  readonly timers: readonly OpenTimer[];
  /** The number of the last event anybody heard; 0 when nobody did. */
  readonly events: number;
  /** Ids of questions that have been answered. */
  readonly answered: readonly string[];
  /** The number of the record with which the failure came up that ended the run. */
  readonly failedAt: number | undefined;
}

/** A record with its number. */
export type Numbered = readonly [number: number, record: JournalRecord];

/** Why records do not fit a definition. */
export class Misfit extends Error {
  readonly record: number;
  readonly path: string;

  constructor(record: number, path: string) {
    super(`record ${record} about ${path} does not fit`);
    this.record = record;
    this.path = path;
  }
}

/** The records that count: without those a retry took back, in the form of the last migration. */
export function effective(records: readonly JournalRecord[]): Numbered[] {
  let kept: Numbered[] = [];
  records.forEach((record, index) => {
    if (record.type === "retried") {
      const from = Number(record.value);
      const failed = records[from - 1]?.path;
      // A wait that failed begins anew; what a state keeps of its work it keeps.
      const isOld = ([, { type, path }]: Numbered): boolean =>
        path === failed && (type === "asked" || type === "slept");
      kept = kept.filter((one) => one[0] < from && !isOld(one));
      kept.push([index + 1, record]);
    } else if (record.type === "migrated") {
      const rewritten = readJson(record.value ?? "[]") as unknown as readonly JournalRecord[];
      kept = rewritten.map((one, place) => [place + 1, one]);
    } else {
      kept.push([index + 1, record]);
    }
  });
  return kept;
}

/** What a fold needs besides the records. */
export interface FoldOptions {
  readonly runId: string;
  readonly codec: Codec;
  /** Hears every event again. */
  readonly recorder?: Recorder | undefined;
  /** Called after each record, with what was told of it. */
  readonly after?: (number: number, details: RecordDetails) => void;
  readonly grace: number;
  /** Makes an error of what a record holds. Default: an error of the same name, message, code and facts. */
  readonly revive?: (json: Json | undefined) => Error;
  /** Moves the clock of the recorder. */
  readonly at?: (time: number) => void;
}

/**
 * Makes the state of a run.
 *
 * @throws Misfit when the records do not fit the runnable; JournalDamagedError when one cannot be read.
 */
export function fold(runnable: AnyRunnable, records: readonly Numbered[], options: FoldOptions): Folded {
  const folding = new Folding(runnable, options);
  for (const [number, record] of records) folding.take(number, record);
  return folding.result();
}

/** What these carry is not of the user's making, and is not for the codec. */
const PLAIN: ReadonlySet<string> = new Set(["failed", "stopped", "cancelled", "done", "retried", "migrated"]);

class Folding {
  readonly #options: FoldOptions;
  readonly #run: RunState;
  readonly #open = new Map<string, Activation>();
  #timers: OpenTimer[] = [];
  readonly #answered: string[] = [];
  #recalled: Decision[] = [];
  #now = 0;
  #number = 0;
  #events = 0;
  /** The record with which each failure came up. */
  readonly #failures = new Map<Error, number>();
  readonly #sink: Sink;

  constructor(runnable: AnyRunnable, options: FoldOptions) {
    this.#options = options;
    this.#run = {
      root: new Activation(undefined, compiled(runnable), undefined),
      ended: undefined,
      values: undefined,
    };
    const { recorder, grace } = options;
    this.#sink = {
      exec: (operation) => this.#exec(operation),
      timer: (activation, ms, purpose) => {
        this.#timers.push({ activation, due: this.#now + ms, ms, purpose });
      },
      drop: (operation) => this.#open.delete(operation.path),
      recorder,
      grace,
      decisions: { recall: () => this.#recalled.shift(), admit: nothing, note: nothing },
      failed: (error) => {
        if (!this.#failures.has(error)) this.#failures.set(error, this.#number);
      },
    };
  }

  take(number: number, record: JournalRecord): void {
    const { codec, after, at } = this.#options;
    this.#number = number;
    this.#now = record.at;
    at?.(record.at);
    let details: RecordDetails;
    let value: unknown;
    try {
      details = detailsOf(record.more);
      const json = record.value === undefined ? undefined : readJson(record.value);
      value = PLAIN.has(record.type) ? json : codec.decode(json);
      this.#recalled = (details.d ?? []).map((decision) => decisionFromJson(decision, codec));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new JournalDamagedError({ runId: this.#options.runId, record: number, reason });
    }
    try {
      this.#apply(record, value, details);
    } catch (error) {
      // Whatever the present definition makes of it, it is not what was recorded.
      throw error instanceof Misfit ? error : new Misfit(number, record.path);
    }
    if (this.#recalled.length > 0) throw new Misfit(number, record.path);
    if (details.e !== undefined) this.#events = details.e;
    after?.(number, details);
  }

  result(): Folded {
    const { ended } = this.#run;
    return {
      run: this.#run,
      open: new Map([...this.#open].filter(([, operation]) => !operation.over)),
      timers: this.#timers.filter(({ activation }) => !activation.over),
      events: this.#events,
      answered: this.#answered,
      failedAt:
        ended === undefined || ended.kind === "completed" ? undefined : this.#failures.get(ended.error),
    };
  }

  #apply(record: JournalRecord, value: unknown, details: RecordDetails): void {
    const { codec } = this.#options;
    switch (record.type) {
      case "started": {
        const { runnable } = this.#run.root;
        if (record.path !== runnable.id) throw new Misfit(this.#number, record.path);
        this.#run.root = new Activation(undefined, runnable, value);
        begin(this.#run, this.#sink);
        break;
      }
      case "committed":
      case "failed": {
        const operation = this.#opened(record.path);
        restoreExtras(operation, details, codec);
        for (const spending of operation.attached?.spent ?? []) charge(operation, spending);
        if (operation.node?.kind === "question" && record.type === "committed") {
          this.#answered.push(record.path);
        }
        this.#open.delete(record.path);
        if (record.type === "committed") this.#take({ kind: "completed", operation, value });
        else this.#take({ kind: "failed", operation, error: this.#revive(value as Json | undefined) });
        break;
      }
      case "asked":
      case "answered":
      case "slept":
      case "once":
        this.#noted(record, value, details);
        break;
      case "stopped":
        this.#take({
          kind: "stop",
          activation: this.#found(record.path),
          error: this.#revive(value as Json | undefined),
        });
        break;
      case "dropped": {
        const activation = this.#found(record.path);
        for (const spending of (details.s ?? []) as unknown as Spending[]) charge(activation, spending);
        this.#take({ kind: "timer", activation, purpose: "grace" });
        break;
      }
      case "cancelled": {
        this.#take({ kind: "cancel", reason: String(value) });
        const reason = this.#run.root.reason!;
        if (!this.#failures.has(reason)) this.#failures.set(reason, this.#number);
        break;
      }
      case "retried":
        // The time of a deadline begins anew, or it would have passed already.
        this.#timers = this.#timers.map((timer) => ({ ...timer, due: this.#now + timer.ms }));
        break;
      case "done":
      case "migrated":
        break;
    }
  }

  #revive(json: Json | undefined): Error {
    return (this.#options.revive ?? errorFromJson)(json);
  }

  #exec(operation: Activation): void {
    this.#open.set(operation.path, operation);
    // For the durations in the events that come when these end.
    for (let at: Activation | undefined = operation; at?.startedAt === 0; at = at.parent)
      at.startedAt = this.#now;
  }

  #take(completion: Completion): void {
    take(this.#run, completion, this.#sink);
  }

  /** A note belongs to an operation that may be gone when its last attempt was given up. */
  #noted({ type, path }: JournalRecord, value: unknown, { n }: RecordDetails): void {
    const operation = this.#opened(path);
    const name = n === undefined ? type : `${type}:${n}`;
    operation.attach().notes.set(name, { kind: "kept", value });
    const question = n === undefined ? path : `${path}/${n}`;
    if (type === "asked") {
      const { prompt } = value as { readonly prompt: unknown };
      this.#options.recorder?.asked(operation, question, prompt);
    } else if (type === "answered") {
      this.#answered.push(question);
      this.#options.recorder?.answered(operation, question, value);
    }
  }

  #opened(path: string): Activation {
    const operation = this.#open.get(path);
    if (operation === undefined) throw new Misfit(this.#number, path);
    return operation;
  }

  #found(path: string): Activation {
    const activation = findOpen(this.#run.root, path);
    if (activation === undefined) throw new Misfit(this.#number, path);
    return activation;
  }
}

function nothing(): void {}

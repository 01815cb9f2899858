/** What a fold tells, or counts, besides what the transition tells while it takes the records. */

import type { Activation } from "../kernel/activation.ts";
import { charge } from "../kernel/budget.ts";
import { childrenOf } from "../kernel/leaves.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Asked } from "../kernel/waits.ts";
import type { Pause } from "../run/step.ts";
import type { Spending } from "../words/context.ts";
import type { JournalRecordType } from "../words/journal-record.ts";
import type { Json } from "./json.ts";
import { askAgain, askedBy } from "./open-questions.ts";
import type { RecordDetails } from "./record-codec.ts";
import { revive } from "./revive.ts";

/** Tells what notes, spending and a retry tell, as it was told when their records were written. */
export class Retelling {
  readonly recorder: Recorder;
  /** The number up to which events may have been told; 0 where none was told before its record was kept. */
  limit = 0;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** A record was taken. `heard`: a listener heard events up to this number, live events included, as journals said once. */
  took(type: JournalRecordType, { b }: RecordDetails, heard: number): void {
    if (heard > this.recorder.seq) this.recorder.goOnFrom(heard);
    if (b !== undefined) this.limit = b;
    // With its end a run is kept whole.
    if (type === "done" || type === "retried") this.limit = 0;
  }

  /** `operation` is absent where a retry took back what opened it: its spending counts all the same, and was told before. */
  spent(root: Activation, operation: Activation | undefined, path: string, spending: Spending): void {
    charge(operation ?? nearestOpen(root, path), spending);
    if (operation !== undefined) this.recorder.usage(operation, spending);
  }

  noted(operation: Activation, type: JournalRecordType, question: string, value: unknown): void {
    if (type === "asked") this.recorder.asked(operation, question, value as Asked);
    else if (type === "answered") this.recorder.answered(operation, question, value);
    else if (type === "retrying") {
      const { attempt, delay, error } = value as Pause;
      operation.attempt = attempt;
      this.recorder.retrying(operation, attempt, delay, revive(error as Json));
    }
  }

  /** Events up to number `to` may have been told by a process that is gone. */
  missed(root: Activation, to: number): void {
    this.limit = 0;
    if (to > this.recorder.seq) this.recorder.missed(root, to);
  }

  /** The run goes on after its end. In the oldest journals a retry was not told. */
  retried(root: Activation, { e, o }: RecordDetails, open: Iterable<Activation>, now: number): void {
    for (const operation of open) askAgain(operation, now);
    // A retry that took records back tells the number of the last event until then.
    const seq = o === 2 ? this.recorder.seq : e;
    if (seq === undefined) return;
    this.recorder.goOnFrom(seq);
    this.recorder.retried(root);
    this.#reopen(root, now);
  }

  #reopen(around: Activation, now: number): void {
    for (const activation of childrenOf(around)) {
      activation.startedAt = now;
      this.recorder.reopened(activation);
      for (const asked of askedBy(activation)) this.recorder.asked(activation, asked.id, asked);
      if (activation.frame !== undefined) this.#reopen(activation, now);
    }
  }
}

/** Counts spending that stands in the record of an end, as in older journals. No event was kept of it. */
export function chargeOld(activation: Activation, { s = [] }: RecordDetails): void {
  for (const spending of s as unknown as readonly Spending[]) charge(activation, spending);
}

/** The innermost open activation around a path, or at it. */
function nearestOpen(root: Activation, path: string): Activation {
  if (root.frame === undefined) return root;
  for (const child of childrenOf(root)) {
    const rest = path.startsWith(child.path) ? path.slice(child.path.length) : undefined;
    if (rest === "" || rest?.[0] === "/" || rest?.[0] === "[") return nearestOpen(child, path);
  }
  return root;
}

/** The attempts of a run: takes their outcomes, and starts the attempts that follow. */

import type { Json } from "../durable/json.ts";
import { writeFromJson } from "../durable/record-codec.ts";
import { revive } from "../durable/revive.ts";
import type { Activation } from "../kernel/activation.ts";
import { charge } from "../kernel/budget.ts";
import { closedBy } from "../kernel/closed-by.ts";
import { commitWrites } from "../kernel/state-values.ts";
import { given } from "../platform/given.ts";
import type { DriverQuestion } from "./effect.ts";
import type { MachineRun } from "./machine-run.ts";
import type { MachineWaits } from "./machine-waits.ts";
import { type AttemptsForm, type OpenAttempt, OpenAttempts } from "./open-attempts.ts";
import type { AttemptDetails, AttemptQuestion, Outcome } from "./outcome.ts";

/** The prefix of the note for an accepted answer. */
const ANSWERED = "answered:";

/** The attempts of one run. */
export class MachineAttempts {
  readonly #run: MachineRun;
  readonly #waits: MachineWaits;
  readonly #open: OpenAttempts;

  constructor(run: MachineRun, waits: MachineWaits) {
    this.#run = run;
    this.#waits = waits;
    this.#open = new OpenAttempts(run.runId, run.codec);
  }

  begin(operation: Activation): void {
    this.#enter(this.#open.open(operation));
  }

  /** The attempts as plain data; `undefined` while one is not wanted any more. */
  get form(): AttemptsForm | undefined {
    return this.#open.form;
  }

  /** Goes on with attempts as they were kept: asks for those that are under way, and waits for what the others wait for. */
  restore(
    form: AttemptsForm,
    operations: ReadonlyMap<string, Activation>,
    questions: readonly DriverQuestion[],
  ): void {
    for (const open of this.#open.restore(form, operations)) {
      const { path } = open.activation;
      if (open.state === "running") this.#run.arrival.effects.push(this.#open.perform(open));
      if (open.state === "pausing") this.#pause(open, 0);
      for (const { id, path: of } of questions) {
        if (of === path) this.#ask(open, id.slice(path.length + 1), null);
      }
    }
  }

  /** Aborted with the attempt that this operation asked for; `undefined` when it is not wanted any more. */
  signalOf(id: string): AbortSignal | undefined {
    return this.#open.find(id)?.activation.signal;
  }

  /** Whether the runnable cannot go on without an answer. */
  isAsking(path: string): boolean {
    return this.#open.at(path)?.state === "asking";
  }

  drop(operation: Activation): void {
    const open = this.#open.at(operation.path);
    this.#open.close(operation);
    if (open?.state === "running") this.#run.arrival.effects.push({ kind: "drop", id: open.id });
  }

  /** Aborts the attempts that the run has dropped. */
  abort(): void {
    for (const open of this.#open.toAbort()) this.#abort(open);
  }

  /** Takes the outcome of an attempt. Gives false when it is not wanted any more. */
  ran(id: string, outcome: Outcome): boolean {
    const open = this.#open.find(id);
    if (open === undefined) return false;
    this.#left(open, outcome);
    const { activation } = open;
    if (outcome.kind === "asks" && activation.reason === undefined) this.#asked(open, outcome.asks);
    else if (outcome.kind === "completed") {
      this.#open.close(activation);
      this.#willWrite(activation, outcome.writes);
      this.#run.bring({
        kind: "completed",
        operation: activation,
        value: this.#run.codec.decode(outcome.value),
      });
    } else if (
      outcome.kind === "failed" &&
      outcome.retryIn !== undefined &&
      activation.reason === undefined
    ) {
      this.#retry(open, outcome.error, outcome.retryIn);
    } else {
      const error = outcome.kind === "failed" ? revive(outcome.error) : activation.reason;
      this.#open.close(activation);
      this.#run.bring({ kind: "failed", operation: activation, error });
    }
    return true;
  }

  /** Takes the details of an attempt. Its spending may exceed a budget, which ends a machine and the attempt in it. */
  #left(open: OpenAttempt, { notes = [], spent = [], output = [] }: AttemptDetails): void {
    const { activation } = open;
    for (const { channel, data } of output) this.#run.recorder.output(activation, channel, data);
    for (const note of notes) {
      open.notes.push(note);
      const [name, value] = note;
      if (name.startsWith(ANSWERED)) this.#answered(open, name.slice(ANSWERED.length), value);
    }
    for (const spending of spent) {
      this.#run.recorder.usage(activation, spending);
      for (const over of charge(activation, spending)) this.#run.bring({ kind: "stop", ...over });
    }
  }

  #willWrite(activation: Activation, writes: readonly Json[] | undefined): void {
    if (writes === undefined) return;
    const attached = activation.attach();
    attached.writes = writes.map((write) => writeFromJson(write, this.#run.codec));
    attached.commit = (run, operation) => {
      const conflict = commitWrites(run, operation);
      if (conflict === undefined) this.#open.commit(writes);
      return conflict;
    };
  }

  #retry(open: OpenAttempt, error: Json, delay: number): void {
    const { activation } = open;
    this.#run.recorder.retrying(activation, activation.attempt, delay, revive(error));
    open.state = "pausing";
    open.entry = 0;
    activation.attempt += 1;
    this.#pause(open, delay);
  }

  #pause(open: OpenAttempt, delay: number): void {
    const { activation } = open;
    this.#waits.wake(`${activation.path}@${activation.attempt}!retry`, activation, delay, () =>
      this.#enter(open),
    );
  }

  #asked(open: OpenAttempt, asks: readonly AttemptQuestion[]): void {
    const { activation, answers } = open;
    const { path } = activation;
    open.state = "asking";
    for (const { name, prompt, schema, issues } of asks) {
      const id = `${path}/${name}`;
      if (issues !== undefined) {
        answers.delete(name);
        this.#waits.refuse(id, issues);
      } else if (!this.#waits.isOpen(id)) {
        this.#run.recorder.asked(activation, id, {
          prompt: this.#run.codec.decode(prompt),
          ...given({ schema }),
        });
        this.#ask(open, name, prompt);
      }
    }
    // An answer may have come while the runnable was asking for another.
    if ([...answers.keys()].some((name) => !open.given.has(name))) this.#enter(open);
    else this.#run.bring({ kind: "rest", operation: activation, rests: true });
  }

  /** Opens a question that is withdrawn with its runnable. */
  #ask(open: OpenAttempt, name: string, prompt: Json): void {
    const { activation } = open;
    const { path } = activation;
    const id = `${path}/${name}`;
    this.#waits.open(id, path, prompt, undefined, (value) => this.#given(open, name, value));
    activation.attach().alarms.push(() => this.#waits.withdraw(id, closedBy(activation)));
  }

  /** An answer has arrived. Only the runnable has the schema that checks it. */
  #given(open: OpenAttempt, name: string, value: Json | undefined): void {
    open.answers.set(name, value ?? null);
    if (open.state === "asking") this.#enter(open);
  }

  #answered({ activation, answers }: OpenAttempt, name: string, value: Json | undefined): void {
    const id = `${activation.path}/${name}`;
    answers.delete(name);
    this.#run.recorder.answered(activation, id, this.#run.codec.decode(value));
    this.#waits.accept(id);
  }

  /** Takes a note that is kept before its attempt ends. Gives false when the attempt is not wanted any more. */
  noted(id: string, name: string, value: Json | undefined): boolean {
    const open = this.#open.find(id);
    open?.notes.push(value === undefined ? [name] : [name, value]);
    return open !== undefined;
  }

  /** Asks for an attempt. An attempt whose input cannot be kept fails. */
  #enter(open: OpenAttempt): void {
    const { activation } = open;
    if (activation.attached?.rests === true)
      this.#run.bring({ kind: "rest", operation: activation, rests: false });
    try {
      this.#run.arrival.effects.push(this.#open.enter(open));
    } catch (error) {
      this.#fail(open, error);
    }
  }

  #abort(open: OpenAttempt): void {
    const { activation, id, state } = open;
    const { message } = activation.reason!;
    if (state === "running") this.#run.arrival.effects.push({ kind: "abort", id, reason: message });
    else this.#fail(open, activation.reason);
  }

  #fail({ activation }: OpenAttempt, error: unknown): void {
    this.#open.close(activation);
    this.#run.deliver({ kind: "failed", operation: activation, error });
  }
}

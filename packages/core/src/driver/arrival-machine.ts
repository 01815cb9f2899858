import type { Codec } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import { type AnyOrchestration, versionOf } from "../durable/version-of.ts";
import { isOrchError } from "../errors/orch-error.ts";
import { VersionMismatchError } from "../errors/version-mismatch-error.ts";
import type { Activation, Ended } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { FanNode } from "../kernel/fan-frame.ts";
import type { Halting } from "../kernel/halt.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { receiveSignal } from "../kernel/mailbox.ts";
import { newRun } from "../kernel/new-run.ts";
import type { WaitNode } from "../kernel/node.ts";
import { Recorder } from "../kernel/recorder.ts";
import {
  begin,
  type Completion,
  type RunState,
  type Sink,
  type TimerPurpose,
  take,
} from "../kernel/transition.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import { checkedSignal, refuseFull } from "../run/send-signal.ts";
import type { RecordedVersion } from "../words/migrate.ts";
import type { Arrival, CheckedAnswer, CheckedSignal } from "./arrival.ts";
import type { ClosedQuestion } from "./closed-question.ts";
import type { Effect, Operation } from "./effect.ts";
import { MachineAttempts } from "./machine-attempts.ts";
import { type MachineSnapshot, machineText } from "./machine-text.ts";
import { MachineWaits } from "./machine-waits.ts";
import { OpenArrival } from "./open-arrival.ts";
import type { Outcome } from "./outcome.ts";
import { type AttemptHelp, performOperation } from "./perform-operation.ts";
import { refuseCircuit } from "./refuse-circuit.ts";
import { refuseItems } from "./refuse-items.ts";
import type { RunMachine, TakenArrival } from "./run-machine.ts";

/** The parts of a machine. */
export interface RunParts {
  readonly runId: string;
  readonly grace: number;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: Random;
}

/** A run that is driven by arrivals. It passes each arrival to the transition, and collects the effects and events. */
export class ArrivalMachine implements RunMachine {
  readonly recorder: Recorder;
  readonly codec: Codec;
  readonly #runnable: AnyOrchestration;
  readonly #parts: RunParts;
  readonly #run: RunState;
  readonly #sink: Sink;
  readonly #attempts: MachineAttempts;
  readonly #waits: MachineWaits;
  /** Completions that the run causes by itself while it takes an arrival: the end of a wait, or of an aborted operation. */
  #queue: Completion[] = [];
  #arrival: OpenArrival;
  #halts: Halting | undefined;
  /** The part of the last event. */
  #part = 0;
  #now = 0;
  /** How many arrivals were taken. */
  #count = 0;
  /** The form of the definition that the run began with. */
  #recorded: RecordedVersion | undefined;

  /** `kept`: how far the run is; absent where it begins. */
  constructor(runnable: AnyOrchestration, input: Json | undefined, parts: RunParts, kept?: MachineSnapshot) {
    const { runId, grace, codec } = parts;
    refuseCircuit(runnable);
    refuseItems(runnable);
    this.codec = codec;
    this.#runnable = runnable;
    this.#parts = parts;
    this.#arrival = new OpenArrival(codec, undefined);
    const clock = { now: () => this.#now, after: () => () => {} };
    this.recorder = new Recorder(runId, clock, (event) => {
      this.#part = event.part ?? 0;
      this.#arrival.events.push(event);
    });
    this.#run = kept?.folded.run ?? newRun(runnable, codec.decode(input));
    this.#waits = new MachineWaits(this);
    this.#attempts = new MachineAttempts(this, this.#waits);
    this.#sink = {
      yields: true,
      exec: (operation) => this.#exec(operation),
      timer: (activation, ms, purpose) => this.#timer(activation, ms, purpose),
      halted: (fan) => this.#halted(fan),
      drop: (operation) => this.#drop(operation),
      recorder: this.recorder,
      grace,
      decisions: {
        recall: () => this.#arrival.recall(),
        recallMark: (key) => this.#arrival.recallMark(key),
        recallMet: (path) => this.#arrival.recallMet(path),
        admit: (decision, from, to) => this.#arrival.admit(decision, from, to),
        note: (decision) => this.#arrival.note(decision),
        kept: (error) => this.#arrival.kept(error),
      },
    };
  }

  get end(): Ended | undefined {
    return this.#run.ended;
  }

  get arrival(): OpenArrival {
    return this.#arrival;
  }

  get runId(): string {
    return this.#parts.runId;
  }

  get now(): number {
    return this.#now;
  }

  deliver(completion: Completion): void {
    this.#queue.push(completion);
  }

  snapshot(): string | undefined {
    const [attempts, waits] = [this.#attempts.form, this.#waits.form];
    if (this.end !== undefined || this.#queue.length > 0 || !attempts || !waits) return undefined;
    const [now, count, part] = [this.#now, this.#count, this.#part];
    const run = { run: this.#run, timers: this.#waits.deadlines, events: this.recorder.seq };
    return machineText({ run, now, count, part, attempts, waits }, this.#runnable, this.codec);
  }

  /** Goes on as it was kept; gives what has to be launched for that, or `undefined` when the definition waits for something else. */
  restore({
    folded,
    form: { now, count, part, attempts, waits },
  }: MachineSnapshot): readonly Effect[] | undefined {
    const { run, timers, open, events } = folded;
    this.#sink.yields = run.yields;
    this.#now = now;
    this.#count = count;
    this.#part = part;
    this.#recorded = { ...versionOf(this.#runnable) };
    this.recorder.goOnFrom(events, part);
    const isWhole = this.#waits.restore(waits, () => {
      for (const { activation, ms, purpose } of timers) this.#timer(activation, ms, purpose);
      this.#attempts.restore(attempts, open, waits.q);
      for (const operation of open.values()) if (operation.node !== undefined) this.#waits.begin(operation);
    });
    return isWhole && this.#queue.length === 0 ? this.#arrival.effects : undefined;
  }

  take(arrival: Arrival, recalled?: readonly Json[]): TakenArrival {
    const taken = new OpenArrival(this.codec, recalled);
    if (this.end !== undefined) return taken;
    this.#arrival = taken;
    this.#count += 1;
    this.#now = Math.max(this.#now, arrival.at);
    try {
      if (this.#apply(arrival)) this.#settle();
    } catch (error) {
      if (recalled === undefined) throw error;
      throw this.#misfit(arrival);
    }
    if (taken.isMisfit) throw this.#misfit(arrival);
    return taken;
  }

  perform(operation: Operation, help: AttemptHelp = {}): Outcome | Promise<Outcome> {
    const { codec, clock, random } = this.#parts;
    const signal = this.#attempts.signalOf(operation.id);
    const options = { ...help, codec, clock, random, ...(signal === undefined ? {} : { signal }) };
    return performOperation(this.#runnable, operation, options);
  }

  check(question: string, answer: Json): Promise<CheckedAnswer | ClosedQuestion | "duplicate" | "unknown"> {
    return this.#waits.check(question, answer);
  }

  async checkSignal(signal: string, value: Json): Promise<CheckedSignal> {
    const { runId } = this.#parts;
    const target = { runId, run: this.#run };
    try {
      const checked = await checkedSignal(target, signal, this.codec.decode(value));
      refuseFull(target, checked.kind, { name: signal, key: undefined });
      const json = this.codec.encode(checked.value, `the value of the signal "${signal}"`);
      return json === undefined ? { kind: "accepted" } : { kind: "accepted", value: json };
    } catch (error) {
      if (isOrchError(error, "ORCH_INVALID_SIGNAL")) return { kind: "refused", issues: error.facts.issues };
      if (isOrchError(error, "ORCH_UNKNOWN_SIGNAL")) return { kind: "unknown" };
      if (isOrchError(error, "ORCH_MAILBOX_FULL")) return { kind: "full" };
      if (isOrchError(error, "ORCH_RUN_ENDED")) return { kind: "ended" };
      return { kind: "refused", issues: [{ message: (error as Error).message }] };
    }
  }

  /** Gives false when nothing waits for the arrival. */
  #apply(arrival: Arrival): boolean {
    switch (arrival.kind) {
      case "begin":
        if (this.#count > 1) return false;
        this.#recorded = this.#arrival.own("of", () => ({
          ...versionOf(this.#runnable),
        })) as unknown as RecordedVersion;
        this.#run.yields = this.#sink.yields = this.#arrival.isFirst
          ? this.#arrival.own("rules", () => 2) === 2
          : this.#arrival.recallOwn("rules") !== undefined;
        begin(this.#run, this.#sink);
        return true;
      case "ran":
        return this.#attempts.ran(arrival.id, arrival.outcome);
      case "noted":
        return this.#attempts.noted(arrival.id, arrival.name, arrival.value);
      case "woke":
        return this.#waits.woke(arrival.id);
      case "answer":
        return this.#waits.answer(arrival.question, arrival.answer);
      case "signal": {
        const { signal: name, value, key } = arrival;
        const signal = { name, value: this.codec.decode(value), key };
        this.bring({ kind: "signal", signal, receive: receiveSignal });
        return true;
      }
      case "cancel":
        this.bring({ kind: "cancel", reason: arrival.reason });
        return true;
    }
  }

  /** Lets everything happen that needs no other arrival. */
  #settle(): void {
    for (;;) {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.bring(next);
      this.#attempts.abort();
      if (this.#queue.length === 0 && this.#halts?.settle() !== true && !this.#refuseStuck()) break;
    }
    if (this.#isWaiting()) this.recorder.waiting(this.#run.root, this.#waits.questions);
  }

  /** Ends waits for conditions that nothing can change; tells whether there were any. */
  #refuseStuck(): boolean {
    const mailbox = this.#run.root.attached?.mailbox;
    if (mailbox?.isStuck !== true || this.#waits.questions.length > 0 || this.#waits.hasWakes) return false;
    if (!this.#isWaiting()) return false;
    mailbox.refuse(this.#waits);
    return true;
  }

  /** Gives the transition a completion. */
  bring(completion: Completion): void {
    if (this.end === undefined) take(this.#run, completion, this.#sink);
  }

  #exec(operation: Activation): void {
    const { node, reason } = operation;
    if (this.#halts?.holds(operation) === true) return;
    if (reason !== undefined) this.deliver({ kind: "failed", operation, error: reason });
    else if (node !== undefined) this.#waits.begin(operation);
    else this.#attempts.begin(operation);
  }

  #halted(fan: Activation): void {
    this.#halts ??= (fan.node as FanNode).halts((completion) => this.deliver(completion));
    this.#halts.add(fan);
  }

  #timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    this.#waits.wake(`${activation.path}!${purpose}`, activation, ms, () =>
      this.bring({ kind: "timer", activation, purpose }),
    );
  }

  #drop(operation: Activation): void {
    this.#attempts.drop(operation);
    this.#waits.withdraw(operation.path, closedBy(operation));
  }

  /** The run waits when everything that is open in it, and goes on, waits for an answer, a signal or a condition. */
  #isWaiting(): boolean {
    const { root } = this.#run;
    const mailbox = root.attached?.mailbox;
    if (this.end !== undefined || (this.#waits.questions.length === 0 && mailbox === undefined)) return false;
    for (const leaf of leavesOf(root)) {
      const isAwaiting = (leaf.node as WaitNode | undefined)?.awaits !== undefined;
      const asks = isAwaiting || this.#waits.isOpen(leaf.path) || this.#attempts.isAsking(leaf.path);
      if (leaf.reason !== undefined || !asks) return false;
    }
    return true;
  }

  #misfit({ kind }: Arrival): VersionMismatchError {
    const { runId } = this.#parts;
    const present = versionOf(this.#runnable);
    const recorded = this.#recorded ?? present;
    const facts = { runId, orchestration: this.#runnable.id, recorded, present };
    return new VersionMismatchError({ ...facts, record: this.#count, path: kind });
  }
}

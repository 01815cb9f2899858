import type { Closed } from "../errors/question-closed-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { charge } from "../kernel/budget.ts";
import type { Breaker } from "../kernel/circuit.ts";
import type { Halting, HaltingNode } from "../kernel/halt.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import type { WaitNode } from "../kernel/node.ts";
import { Recorder } from "../kernel/recorder.ts";
import type { StateValues } from "../kernel/state-values.ts";
import { straightWay } from "../kernel/straight.ts";
import type { Completion, RunState, TimerPurpose } from "../kernel/transition.ts";
import type { NewQuestion, Standing, Waits } from "../kernel/waits.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { isThenable } from "../platform/is-thenable.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import type { AskOptions, RunContext, Spending } from "../words/context.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { askInRun } from "./ask-in-run.ts";
import { askAround } from "./by-hand.ts";
import type { Driver, Taker } from "./driver.ts";
import { DEFAULT_GRACE, type DriverDoors, type DriverHooks, NO_HOOKS } from "./driver-hooks.ts";
import type { QueuedState } from "./gate-place.ts";
import { GatePlaces } from "./gate-places.ts";
import { queuedInside } from "./inner-runs.ts";
import { PromisedEnds } from "./promised-ends.ts";
import { putInRun } from "./put-in-run.ts";
import { Questions } from "./questions.ts";
import { Reservations } from "./reservations.ts";
import { RestingStates } from "./resting-states.ts";
import { RunTimers } from "./run-timers.ts";
import { execute, type StepDoors } from "./step.ts";

const NOTHING: Completion[] = [];

/** Runs live in this process, and end with it. */
export class LocalDriver implements Driver, Waits, StepDoors {
  declare readonly clock: Clock;
  declare readonly random: Random;
  declare readonly recorder: Recorder | undefined;
  declare readonly grace: number;
  declare readonly yields: boolean;
  declare readonly circuit: Breaker | undefined;
  declare readonly straight: Driver["straight"];
  /** Who is given the next completion. */
  declare waiter: Taker | undefined;
  declare isWaiting: boolean;
  /** Whether something may come, or be waited for, besides the end of what is executed. */
  declare isBusy: boolean;
  // No private fields: V8 makes and reads each by keys, and there are as many as a run has steps.
  declare readonly askAround: RunContext["ask"] | undefined;
  declare private readonly run: RunState;
  declare readonly hooks: DriverHooks;
  declare private timers: RunTimers | undefined;
  declare private halts: Halting | undefined;
  declare private promised: PromisedEnds | undefined;
  declare private reservations: Reservations | undefined;
  declare private asked: Questions | undefined;
  declare private named: string | undefined;
  declare private queue: Completion[];
  declare private head: number;
  declare private broken: Error | undefined;
  declare private places: GatePlaces | undefined;
  declare resting: RestingStates | undefined;

  constructor(
    run: RunState,
    doors: DriverDoors,
    write: ((event: OrchestrationEvent) => void) | undefined,
    hooks: DriverHooks = NO_HOOKS,
  ) {
    this.run = run;
    this.hooks = hooks;
    this.waiter = undefined;
    this.isWaiting = false;
    this.isBusy = false;
    this.queue = NOTHING;
    this.head = 0;
    this.yields = run.yields;
    this.named = doors.runId;
    this.clock = doors.clock ?? systemClock;
    this.random = doors.random ?? systemRandom;
    this.recorder = doors.recorder ?? (write && new Recorder(this.runId, this.clock, write));
    this.grace = doors.grace ?? DEFAULT_GRACE;
    this.straight = straightWay(run);
    this.circuit = (run.root.node as MachineNode | undefined)?.circuit?.breaker(run, this);
    this.askAround = hooks.around && askAround(hooks.around, run.root.runnable.id);
  }

  /** Made when first read, because most runs are never named. */
  get runId(): string {
    this.named ??= newId("run", this.clock.now(), this.random);
    return this.named;
  }

  get questions(): Questions {
    this.isBusy = true;
    this.asked ??= new Questions(this.runId, this.hooks.taking);
    return this.asked;
  }

  get values(): StateValues | undefined {
    return this.run.values;
  }

  get keep(): StepDoors["keep"] {
    return this.hooks.keep;
  }

  get hasTimers(): boolean {
    return (this.timers?.size ?? 0) > 0;
  }

  exec(operation: Activation, evenHalted = false): void {
    if (this.halts !== undefined && !evenHalted && this.halts.holds(operation)) return;
    const { node, reason } = operation;
    if (reason !== undefined) {
      // The operation was abandoned before it began, or before the process that ran it ended.
      this.deliver({ kind: "failed", operation, error: reason });
      return;
    }
    if (this.circuit?.holds(operation) === true) return;
    if (node !== undefined) {
      (node as WaitNode).wait(operation, this);
      return;
    }
    try {
      const result = execute(operation, this);
      if (result instanceof Promise || isThenable(result)) {
        this.promised ??= new PromisedEnds(this);
        this.promised.follow(operation, result);
      } else this.deliver({ kind: "completed", operation, value: result });
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  /** Whether the operation is kept back, because a fan-out around it is halted. */
  holds(operation: Activation): boolean {
    return this.halts?.holds(operation) === true;
  }

  /** Begins an operation, also inside of a halted fan-out. */
  launch(operation: Activation): void {
    this.exec(operation, true);
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    this.alarm(activation, ms, () => this.deliver({ kind: "timer", activation, purpose }));
  }

  halted(fan: Activation): void {
    this.isBusy = true;
    this.halts ??= (fan.node as unknown as HaltingNode).halts((completion) => this.deliver(completion));
    this.halts.add(fan);
  }

  drop(): void {}

  /** Answers a question; resolves when the answer counts. */
  answer(id: string, value: unknown, request?: number): Promise<void> {
    return this.questions.answer(id, value, this.hooks.admit, request);
  }

  /** Hands a completion to the pump; also how a cancellation comes in. */
  deliver(completion: Completion): void {
    this.isWaiting = false;
    if (this.asked !== undefined) this.asked.delivered(completion);
    if (this.waiter === undefined) {
      this.isBusy = true;
      if (this.queue === NOTHING) this.queue = [completion];
      else this.queue.push(completion);
      return;
    }
    const taker = this.waiter;
    this.waiter = undefined;
    taker.arrive(completion);
  }

  /** Makes the pump stop with this error instead of waiting for what is open. */
  breakOff(error: Error): void {
    this.broken = error;
    this.waiter?.fail(error);
  }

  get hasArrived(): boolean {
    return this.head < this.queue.length;
  }

  next(taker: Taker): Completion | undefined {
    if (this.broken !== undefined) {
      taker.fail(this.broken);
      return undefined;
    }
    if (this.head === this.queue.length && this.halts?.settle() !== true) {
      this.waiter = taker;
      if (this.asked !== undefined) this.tellIfWaiting();
      this.places?.idle();
      return undefined;
    }
    const completion = this.queue[this.head++]!;
    if (this.head === this.queue.length) {
      this.queue = NOTHING;
      this.head = 0;
    }
    return completion;
  }

  close(): void {
    this.timers?.end();
  }

  alarm(activation: Activation, ms: number, fire: () => void): void {
    this.timers ??= new RunTimers(this.clock);
    this.timers.add(activation, ms, fire);
  }

  ask<TAnswer>(operation: Activation, question: AskOptions<TAnswer>): Promise<TAnswer> {
    return askInRun(this, operation, question);
  }

  put(question: NewQuestion): number {
    return putInRun(this, question);
  }

  awaits(mailbox: Standing): void {
    this.questions.besides = mailbox;
    this.tellIfWaiting();
  }

  /** An answer came: the run may wait for another. */
  answered(operation: Activation): void {
    this.resting?.remove(operation, this.asked);
    this.isWaiting = false;
    // After a choice at the circuit, what is kept back may be all that is left of a fan-out.
    this.halts?.settle();
    this.tellIfWaiting();
  }

  enter(operation: Activation, concurrency: number): Promise<() => void> {
    this.isBusy = true;
    this.places ??= new GatePlaces(this.runId, () => this.hasTimers);
    return this.places.enter(operation, concurrency);
  }

  /** A runnable that asks under a name rests; an operation that is the question does so by itself. */
  rest(operation: Activation, name: string | undefined): void {
    if (name === undefined) return;
    this.resting ??= new RestingStates(this.run, this);
    this.resting.add(operation);
  }

  withdraw(id: string, closed: Closed): void {
    const question = this.asked?.withdraw(id, closed);
    if (question !== undefined) this.resting?.remove(question.operation, this.asked);
  }

  /** Keeps a note. When the note cannot be written, the hook stops the run. */
  note(operation: Activation, name: string, value: unknown): void {
    operation.attach().notes.set(name, { kind: "kept", value });
    void this.keep?.(operation, name, value);
  }

  spend(operation: Activation, spending: Spending): void {
    if (operation.over) return;
    void this.keep?.(operation, "spent", spending);
    this.recorder?.usage(operation, spending);
    this.hooks.around?.spend(spending);
    for (const { activation, error } of charge(operation, spending)) {
      this.deliver({ kind: "stop", activation, error });
    }
  }

  get budgets(): Reservations {
    this.reservations ??= new Reservations(this.hooks.around, (of, spending) => this.spend(of, spending));
    return this.reservations;
  }

  /** What an operation, or all that it waits for, waits for at a gate; `undefined` when it is not queued. */
  queuedAt(leaf: Activation): QueuedState | undefined {
    return this.places?.queuedAt(leaf.path) ?? queuedInside(leaf);
  }

  /** The run waits when the pump does, and every operation that is open, and goes on, waits for an answer. */
  tellIfWaiting(): void {
    const questions = this.asked;
    if (this.waiter === undefined || this.isWaiting) return;
    if (questions?.blockAll(this.run.root, this.circuit) !== true) return;
    this.isWaiting = true;
    if (questions.besides?.standsStill(this) === true) return;
    this.hooks.waiting?.(questions.ids);
    this.recorder?.waiting(this.run.root, questions.ids);
    // Who heard of it may have cancelled the run, and it may be over.
    if (!this.isWaiting) return;
    if (this.hooks.unattended === true) questions.refuseSoon(() => this.isWaiting && !this.hasTimers, this);
  }
}

import { CancelledError } from "../errors/cancelled-error.ts";
import { UnattendedError } from "../errors/unattended-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { charge } from "../kernel/budget.ts";
import { leavesOf } from "../kernel/leaves.ts";
import type { WaitNode } from "../kernel/node.ts";
import { Recorder } from "../kernel/recorder.ts";
import type { StateValues } from "../kernel/state-values.ts";
import type { Completion, RunState, Sink, TimerPurpose } from "../kernel/transition.ts";
import type { Asked, NewQuestion, Waits } from "../kernel/waits.ts";
import { type CancelTimer, type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { AskOptions, RunContext, Spending } from "../words/context.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { askAround } from "./by-hand.ts";
import { type Gate, gateOf } from "./gate.ts";
import { once } from "./once.ts";
import { Questions } from "./questions.ts";
import type { RunHost, Taker } from "./run-host.ts";
import { execute, type StepDoors } from "./step.ts";

/** What a host in this process needs from outside; what is left out is the machine's own. */
export interface HostDoors {
  readonly runId?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: one that is made for whoever hears the events. */
  readonly recorder?: Recorder | undefined;
  /** How long aborted work may take to settle, in milliseconds. Default 1,000. */
  readonly grace?: number | undefined;
}

/** The default of `grace`, in milliseconds. */
export const DEFAULT_GRACE = 1_000;

/** Not to be changed: most runs never have two completions at once. */
const NOTHING: Completion[] = [];
const NO_HOOKS: HostHooks = {};

/** What an outer host does besides. */
export interface HostHooks {
  /** Keeps a note of an operation, so that it is there after a restart. */
  readonly keep?: (operation: Activation, note: string, value: unknown) => void | Promise<void>;
  /** Decides whether an answer is the first. */
  readonly accept?: (id: string, value: unknown) => Promise<"accepted" | "duplicate" | "unknown">;
  /** A question was put. */
  readonly opened?: (id: string) => void;
  /** Nothing goes on until somebody answers. */
  readonly waiting?: () => void;
  /** Nobody has this run in hand: a question that alone is waited for is refused. */
  readonly unattended?: boolean;
  /** The context around a composite that is called by hand: it asks and pays for it. */
  readonly around?: Pick<RunContext, "ask" | "spend">;
}

/** Runs live in this process, and end with it. */
export class LocalHost implements RunHost, Waits, Sink, StepDoors {
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Recorder | undefined;
  readonly grace: number;
  readonly #askAround: RunContext["ask"] | undefined;
  readonly #run: RunState;
  readonly #hooks: HostHooks;
  #timers: Set<CancelTimer> | undefined;
  #questions: Questions | undefined;
  #runId: string | undefined;
  #queue: Completion[] = NOTHING;
  #head = 0;
  #waiter: Taker | undefined;
  #broken: Error | undefined;
  #isWaiting = false;
  /** Where operations wait for a place, by their path. */
  #atGates: Map<string, Gate> | undefined;
  /** The operation that `#onValue` and `#onError` are for. */
  #followed: Activation | undefined;
  #onValue: ((value: unknown) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;

  constructor(
    run: RunState,
    doors: HostDoors,
    write: ((event: OrchestrationEvent) => void) | undefined,
    hooks: HostHooks = NO_HOOKS,
  ) {
    this.#run = run;
    this.#hooks = hooks;
    this.#runId = doors.runId;
    this.clock = doors.clock ?? systemClock;
    this.random = doors.random ?? systemRandom;
    this.recorder = doors.recorder ?? (write && new Recorder(this.runId, this.clock, write));
    this.grace = doors.grace ?? DEFAULT_GRACE;
    const { around } = hooks;
    this.#askAround = around && askAround(around, run.root.runnable.id);
  }

  /** Made when first read, because most runs are never named. */
  get runId(): string {
    this.#runId ??= newId("run", this.clock.now(), this.random);
    return this.#runId;
  }

  get questions(): Questions {
    this.#questions ??= new Questions(this.runId);
    return this.#questions;
  }

  get values(): StateValues | undefined {
    return this.#run.values;
  }

  get keep(): StepDoors["keep"] {
    return this.#hooks.keep;
  }

  /** Whether nothing goes on until somebody answers. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  exec(operation: Activation): void {
    const { node, reason } = operation;
    if (reason !== undefined) {
      // It was given up before it could begin, or before the process that had begun it was gone.
      this.deliver({ kind: "failed", operation, error: reason });
      return;
    }
    if (node !== undefined) {
      (node as WaitNode).wait(operation, this);
      return;
    }
    try {
      const result = execute(operation, this);
      if (result instanceof Promise) this.#follow(operation, result);
      else if (isThenable(result)) this.#followBeside(operation, Promise.resolve(result));
      else this.deliver({ kind: "completed", operation, value: result });
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  /**
   * Takes the end of a promise. Most are alone, and one pair of functions does for all of these in turn. What
   * is no plain promise may throw or settle twice, and its second word would be taken for the end of the next.
   */
  #follow(operation: Activation, promise: Promise<unknown>): void {
    const isPlain = promise.constructor === Promise && promise.then === Promise.prototype.then;
    if (this.#followed !== undefined || !isPlain) {
      this.#followBeside(operation, Promise.resolve(promise));
      return;
    }
    this.#followed = operation;
    this.#onValue ??= (value) => this.deliver({ kind: "completed", operation: this.#unfollow(), value });
    this.#onError ??= (error) => this.deliver({ kind: "failed", operation: this.#unfollow(), error });
    promise.then(this.#onValue, this.#onError);
  }

  /** Apart, because a function holds on to all that is around it, and the pair above stays for the whole run. */
  #followBeside(operation: Activation, promise: Promise<unknown>): void {
    promise.then(
      (value) => this.deliver({ kind: "completed", operation, value }),
      (error: unknown) => this.deliver({ kind: "failed", operation, error }),
    );
  }

  #unfollow(): Activation {
    const operation = this.#followed!;
    this.#followed = undefined;
    return operation;
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    this.alarm(activation, ms, () => this.deliver({ kind: "timer", activation, purpose }));
  }

  /** Nothing to do: the run ignores what a dropped operation delivers. */
  drop(): void {}

  /** Checks an answer and hands it to the question that waits for it. */
  answer(id: string, value: unknown): Promise<void> {
    return this.questions.answer(id, value, this.#hooks.accept);
  }

  /** Hands a completion to the pump; also how a cancellation comes in. */
  deliver(completion: Completion): void {
    this.#isWaiting = false;
    if (this.#waiter === undefined) {
      if (this.#queue === NOTHING) this.#queue = [completion];
      else this.#queue.push(completion);
      return;
    }
    const taker = this.#waiter;
    this.#waiter = undefined;
    taker.arrive(completion);
  }

  /** Makes the pump stop with this error instead of waiting for what is open. */
  breakOff(error: Error): void {
    this.#broken = error;
    this.#waiter?.fail(error);
  }

  next(taker: Taker): Completion | undefined {
    if (this.#broken !== undefined) {
      taker.fail(this.#broken);
      return undefined;
    }
    if (this.#head === this.#queue.length) {
      this.#waiter = taker;
      if (this.#questions !== undefined) this.#tellIfWaiting();
      return undefined;
    }
    const completion = this.#queue[this.#head++]!;
    if (this.#head === this.#queue.length) {
      this.#queue = NOTHING;
      this.#head = 0;
    }
    return completion;
  }

  close(): void {
    if (this.#timers === undefined) return;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  alarm(activation: Activation, ms: number, fire: () => void): void {
    const end = this.clock.after(ms, () => {
      this.#timers?.delete(cancel);
      fire();
    });
    const cancel = (): void => {
      this.#timers?.delete(cancel);
      end();
    };
    this.#timers ??= new Set();
    this.#timers.add(cancel);
    activation.attach().alarms.push(cancel);
  }

  /** Puts a question that a runnable asks on its way. */
  ask<TAnswer>(operation: Activation, question: AskOptions<TAnswer>): Promise<TAnswer> {
    const { name = "question", prompt, answer } = question;
    const id = `${operation.path}/${name}`;
    const note = `answered:${name}`;
    const put = (resolve: (value: TAnswer) => void, reject: (error: unknown) => void): (() => void) => {
      if (operation.over) throw new CancelledError(`"${operation.runnable.id}" has ended, and asks too late`);
      const withdraw = (): void => this.withdraw(id);
      // A state may end without waiting for what it asked.
      operation.attach().alarms.push(withdraw);
      const settle = (value: unknown): void => {
        this.recorder?.answered(operation, id, value);
        this.#isWaiting = false;
        this.#tellIfWaiting();
        const kept = Promise.resolve(this.keep?.(operation, note, value));
        kept.then(() => resolve(value as TAnswer), reject);
      };
      this.put({ operation, name, prompt: () => prompt, schema: answer, settle, refuse: reject });
      return withdraw;
    };
    return once(operation, note, () => unlessAborted(operation.signal, put));
  }

  put({ operation, name, prompt, schema, settle, refuse }: NewQuestion): number {
    const { path } = operation;
    const note = name === undefined ? "asked" : `asked:${name}`;
    const id = name === undefined ? path : `${path}/${name}`;
    const known = operation.attached?.notes.get(note)?.value as Asked | undefined;
    const asked = known ?? { prompt: prompt(), askedAt: this.clock.now() };
    if (this.#askAround !== undefined) {
      this.#askAround({ name: id, prompt: asked.prompt, answer: schema }).then(settle, refuse);
      return asked.askedAt;
    }
    this.questions.open({ operation, id, path, ...asked, schema, settle, refuse });
    if (known === undefined) this.recorder?.asked(operation, id, asked.prompt);
    this.#tellIfWaiting();
    try {
      if (known === undefined) this.note(operation, note, asked);
    } catch (error) {
      this.withdraw(id);
      throw error;
    }
    this.#hooks.opened?.(id);
    return asked.askedAt;
  }

  /** Waits for a place at the gate of a runnable. */
  async enter(operation: Activation, concurrency: number): Promise<() => void> {
    const gate = gateOf(operation.runnable.source, concurrency);
    const { path } = operation;
    if (gate.isFull) {
      this.#atGates ??= new Map();
      this.#atGates.set(path, gate);
      this.#tellIfWaiting();
    }
    try {
      return await gate.enter({ operation, host: this });
    } finally {
      this.#atGates?.delete(path);
    }
  }

  withdraw(id: string): void {
    this.#questions?.withdraw(id);
  }

  /** What cannot be written stops the run from within the hook. */
  note(operation: Activation, name: string, value: unknown): void {
    operation.attach().notes.set(name, { kind: "kept", value });
    void this.keep?.(operation, name, value);
  }

  spend(operation: Activation, spending: Spending): void {
    this.recorder?.usage(operation, spending);
    this.#hooks.around?.spend(spending);
    if (this.keep !== undefined) operation.attach().spent.push(spending);
    for (const { activation, error } of charge(operation, spending)) {
      this.deliver({ kind: "stop", activation, error });
    }
  }

  /** The run waits when the pump does, and every operation that is open, and goes on, waits for an answer. */
  #tellIfWaiting(): void {
    if (
      this.#waiter === undefined ||
      this.#isWaiting ||
      this.#questions === undefined ||
      this.#questions.size === 0
    )
      return;
    for (const leaf of leavesOf(this.#run.root)) {
      if (leaf.reason !== undefined || !this.#isStuck(leaf)) return;
    }
    this.#isWaiting = true;
    this.recorder?.waiting(
      this.#run.root,
      this.questions.list().map(({ id }) => id),
    );
    // Who heard of it may have cancelled the run, and it may be over.
    if (!this.#isWaiting) return;
    this.#hooks.waiting?.();
    // Later, because the question is just being put. A timer may still end it, or what it is in.
    if (this.#hooks.unattended === true) void Promise.resolve().then(() => this.#refuseAll());
  }

  /** Whether an operation waits for an answer, or at a gate behind those of this run that do. */
  #isStuck(operation: Activation): boolean {
    if (this.questions.blocks(operation)) return true;
    const gate = this.#atGates?.get(operation.path);
    return gate?.everyInside((one) => one.host === this && this.questions.blocks(one.operation)) ?? false;
  }

  #refuseAll(): void {
    if (!this.#isWaiting || (this.#timers?.size ?? 0) > 0) return;
    for (const { id } of this.questions.list()) {
      this.questions.refuse(id, new UnattendedError({ question: id }));
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

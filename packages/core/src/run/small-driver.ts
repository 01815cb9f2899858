import { FatalError } from "../errors/fatal-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { Halting, HaltingNode } from "../kernel/halt.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { StateValues } from "../kernel/state-values.ts";
import type { Completion, RunState, TimerPurpose } from "../kernel/transition.ts";
import type { Waits } from "../kernel/waits.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { isThenable } from "../platform/is-thenable.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import type { Driver, Taker } from "./driver.ts";
import type { DriverDoors } from "./driver-hooks.ts";
import { PromisedEnds } from "./promised-ends.ts";
import { RunTimers } from "./run-timers.ts";
import { execute, type StepDoors } from "./step.ts";

/** Nothing limits what is spent. */
const UNLIMITED: StepDoors["budgets"] = {
  left: () => ({ tokens: Number.POSITIVE_INFINITY, cost: Number.POSITIVE_INFINITY }),
  reserve: async () => ({ settle: () => {}, release: () => {} }),
};

/**
 * Drives a run of the small door: in the memory of this process, and heard by nobody. It has no questions, budgets and gates,
 * so that a program without them does not carry their code.
 */
export class SmallDriver implements Driver, Waits, StepDoors {
  readonly clock: Clock;
  readonly random: Random;
  readonly grace: number;
  readonly yields = true;
  readonly recorder = undefined;
  readonly circuit = undefined;
  readonly keep = undefined;
  readonly budgets: StepDoors["budgets"] = UNLIMITED;
  readonly #run: RunState;
  readonly #promised: PromisedEnds;
  readonly #timers: RunTimers;
  #runId: string | undefined;
  #halts: Halting | undefined;
  /** What arrived while another completion was being taken. */
  #queue: Completion[] = [];
  #head = 0;
  #waiter: Taker | undefined;

  constructor(
    run: RunState,
    { clock = systemClock, random = systemRandom, grace = 1_000, runId }: DriverDoors,
  ) {
    this.#run = run;
    this.clock = clock;
    this.random = random;
    this.grace = grace;
    this.#runId = runId;
    this.#promised = new PromisedEnds(this);
    this.#timers = new RunTimers(clock);
  }

  get runId(): string {
    this.#runId ??= newId("run", this.clock.now(), this.random);
    return this.#runId;
  }

  get values(): StateValues | undefined {
    return this.#run.values;
  }

  exec(operation: Activation): void {
    if (this.#halts?.holds(operation) === true) return;
    const { node, reason } = operation;
    try {
      // It was abandoned before it began.
      if (reason !== undefined) throw reason;
      if (node !== undefined) (node as WaitNode).wait(operation, this);
      else {
        const result = execute(operation, this);
        if (isThenable(result)) this.#promised.follow(operation, result);
        else this.deliver({ kind: "completed", operation, value: result });
      }
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    this.alarm(activation, ms, () => this.deliver({ kind: "timer", activation, purpose }));
  }

  halted(fan: Activation): void {
    this.#halts ??= (fan.node as unknown as HaltingNode).halts((completion) => this.deliver(completion));
    this.#halts.add(fan);
  }

  /** The run ignores what a dropped operation delivers. */
  drop(): void {}

  deliver(completion: Completion): void {
    const taker = this.#waiter;
    this.#waiter = undefined;
    if (taker === undefined) this.#queue.push(completion);
    else taker.arrive(completion);
  }

  next(taker: Taker): Completion | undefined {
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
      if (this.#halts?.settle() !== true) {
        this.#waiter = taker;
        return undefined;
      }
    }
    return this.#queue[this.#head++];
  }

  close(): void {
    this.#timers.end();
  }

  alarm(activation: Activation, ms: number, fire: () => void): void {
    this.#timers.add(activation, ms, fire);
  }

  note(operation: Activation, name: string, value: unknown): void {
    operation.attach().notes.set(name, { kind: "kept", value });
  }

  /** Nobody hears of it, and there is no budget around it. */
  spend(): void {}

  put(): never {
    throw absent("questions");
  }

  withdraw(): void {}

  awaits(): never {
    throw absent("waits for signals and conditions");
  }

  async ask(): Promise<never> {
    throw absent("questions");
  }

  async enter(): Promise<never> {
    throw absent("limits of concurrency");
  }
}

function absent(what: string): Error {
  const fix = 'Import orchestration from "@orch/core".';
  return new FatalError(`The small door has no ${what}.`, { fix });
}

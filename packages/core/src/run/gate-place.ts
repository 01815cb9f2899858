import type { Activation } from "../kernel/activation.ts";
import { refuseCircle } from "./circle.ts";
import type { Gate } from "./gate.ts";

/** The places of attempts that are inside a gate, or wait for one. */
const places = new WeakMap<Activation, GatePlace>();

/** The place of an operation at the gate of its runnable; `undefined` where it has none. */
export function placeOf(operation: Activation): GatePlace | undefined {
  return places.get(operation);
}

/** Who has a place of a gate. */
export interface GateHolder {
  readonly runId: string;
  /** The activation that works. */
  readonly path: string;
}

/** What an operation waits for that is queued at a gate. */
export interface QueuedState {
  /** The runnable whose `concurrency` is used up. */
  readonly runnable: string;
  /** Its place in the queue, from 1. */
  readonly place: number;
  /** The activations that have the places now, in this process. */
  readonly holders: readonly GateHolder[];
}

/**
 * The place of one attempt at a gate. While the attempt waits for something, it gives the place back, and takes one
 * again before it works on.
 */
export class GatePlace {
  readonly operation: Activation;
  readonly runId: string;
  readonly #gate: Gate;
  readonly #timers: () => boolean;
  /** How much it waits for. */
  #waits = 0;
  #isOver = false;

  /** `timers` says whether its run has a timer that may end what is open in it. */
  constructor(gate: Gate, operation: Activation, runId: string, timers: () => boolean) {
    this.#gate = gate;
    this.#timers = timers;
    this.operation = operation;
    this.runId = runId;
    places.set(operation, this);
  }

  /** What it waits for at the gate; `undefined` when it has its place, or does not want one now. */
  get queued(): QueuedState | undefined {
    const place = this.#gate.queue.indexOf(this) + 1;
    if (place === 0) return undefined;
    const holders = this.#gate.inside.map(({ runId, operation: { path } }) => ({ runId, path }));
    return { runnable: this.operation.runnable.id, place, holders };
  }

  get isQueued(): boolean {
    return this.#gate.isQueued(this);
  }

  /** Whether a time may end what it does. */
  get hasTimers(): boolean {
    return this.operation.runnable.timeout !== undefined || this.#timers();
  }

  /** The operations that have the places of its gate. */
  get holders(): readonly Activation[] {
    return this.#gate.inside.map(({ operation }) => operation);
  }

  /** Ends its wait in the queue with an error. */
  refuse(error: Error): void {
    this.#gate.refuse(this, error);
  }

  /** Waits for the place. Throws the signal's reason on abort. */
  async enter(): Promise<void> {
    try {
      const entered = this.#gate.enter(this);
      refuseCircle(this);
      await entered;
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /**
   * Gives the place back while `wait` lasts. Of several waits at once the last one takes it again, because an attempt
   * that still waits for something would keep a place and not work.
   */
  async during<TValue>(wait: () => Promise<TValue>): Promise<TValue> {
    this.#waits += 1;
    this.#gate.leave(this);
    try {
      return await wait();
    } finally {
      this.#waits -= 1;
      // What was aborted works no more, and has to hear of it at once.
      const isWanted = this.#waits === 0 && !this.#isOver && this.operation.reason === undefined;
      if (isWanted) {
        const back = this.#gate.comeBack(this);
        refuseCircle(this);
        await back;
      }
    }
  }

  /** The attempt has ended. */
  leave(): void {
    this.#isOver = true;
    this.#gate.leave(this);
    if (places.get(this.operation) === this) places.delete(this.operation);
  }
}

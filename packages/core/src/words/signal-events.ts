/** What events tell of signals and of the states that wait for them. */
import type { EventBase, StateEventBase } from "./events.ts";
import type { JsonSchema } from "./schema.ts";

/** What a state waits for in its run. */
export interface StateWait {
  /** The kind of signal. */
  readonly signal?: string;
  /** What the value of a signal has to look like, as a JSON Schema; absent where the library of the schema gives none. */
  readonly schema?: JsonSchema;
  /** A condition over shared state has to hold. */
  readonly condition?: true;
  /** After so many milliseconds it waits no more. */
  readonly timeout?: number;
}
/** A state waits for a signal, or for a condition over shared state, or for both at once. Its `state.completed` tells which came, or that none did in time. */
export interface StateWaiting extends StateEventBase, StateWait {
  readonly type: "state.waiting";
}
/** A signal came for the run (`run.signal`). The first state that waits for it takes it, now or later. */
export interface SignalReceived extends EventBase {
  readonly type: "signal.received";
  /** The kind of the signal. */
  readonly signal: string;
  /** Which signal of the run it is, from 1. */
  readonly number: number;
  /** The output of its schema. */
  readonly value: unknown;
  /** What its sender named it. */
  readonly key?: string;
}

/** Nothing goes on until one of these questions is answered, or one of these signals comes. */
export interface RunWaiting extends EventBase {
  readonly type: "run.waiting";
  readonly questions: readonly string[];
  /** The kinds of signals that states wait for; absent where none does. */
  readonly signals?: readonly string[];
}

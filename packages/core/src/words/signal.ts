/** Signals: typed messages for a run, which a state takes when it waits for one. */
import type { Schema } from "./schema.ts";

/** Under this a kind keeps what sends a signal of it. Registered, so that two copies of the package work together. */
export const SENDER: unique symbol = Symbol.for("orch.signal");

/** One kind of signal, made by {@link signal}. */
export interface SignalKind<TValue, TInput = TValue> {
  /** Unique in an orchestration, because it names the kind in journals, events and commands. */
  readonly name: string;
  /** Checks the value of a signal; what it gives is what a state takes. */
  readonly schema: Schema<TValue, TInput>;
  /** How many signals of this kind a run keeps that no state has taken. */
  readonly limit: number;
  /** For the engine. Use `run.signal`. */
  readonly [SENDER]: unknown;
}

/** A kind of signal of any type. */
export type AnySignalKind = SignalKind<unknown, unknown>;

/** How a signal is sent. */
export interface SignalOptions {
  /** Names this signal, so that a second one of its kind and key is the same one and changes nothing: for a sender that may send twice. */
  readonly key?: string;
}

/** The name of a kind, or the name itself. */
export function nameOfKind(kind: AnySignalKind | string): string {
  return typeof kind === "string" ? kind : kind.name;
}

/** Shared state: values that belong to a run and not to an edge, declared once and typed everywhere. */
import type { Schema } from "./schema.ts";

/** Under this a declaration keeps what opens it. Registered, so that two copies of the package work together. */
export const OPENER: unique symbol = Symbol.for("orch.shared-state");

/** One value of shared state. */
export interface SharedValue<TValue> {
  /** The value before the first write. */
  readonly start: TValue;
  /** Checks what is written; it has to answer at once. */
  readonly schema?: Schema<TValue>;
  /** Adds a written value to the current one; pure. With it branches may write side by side, by `add`. */
  readonly reduce?: (current: TValue, added: TValue) => TValue;
}

/** The type of a value of shared state. */
export type SharedValueOf<TField> = TField extends { readonly start: infer TValue } ? TValue : never;
/** The keys of the values that have a `reduce`. */
export type ReducedKeys<TFields> = {
  [TKey in keyof TFields]: TFields[TKey] extends { readonly reduce: unknown } ? TKey : never;
}[keyof TFields];

/** The type of each value, and whether it has a reducer. */
export type SharedFields<TValues, TReducing> = {
  readonly [TKey in keyof TValues]: TKey extends TReducing
    ? { readonly start: TValues[TKey]; readonly reduce: unknown }
    : { readonly start: TValues[TKey] };
};

/** A declaration of shared state, made by {@link sharedState}. */
export interface SharedState<TFields> {
  readonly id: string;
  readonly values: TFields;
  /** For the engine, which opens it for one invocation. Use `ctx.state`. */
  readonly [OPENER]: unknown;
}

/** What a condition over shared state may read: the committed values. */
export interface ConditionContext {
  readonly state: <TFields>(shared: SharedState<TFields>) => Pick<StateView<TFields>, "get">;
}

/** Shared state as one runnable sees it: what was committed, and its own writes on top. */
export interface StateView<TFields> {
  readonly get: <TKey extends keyof TFields>(key: TKey) => SharedValueOf<TFields[TKey]>;
  /** Replaces a value. It counts when the runnable completes. */
  readonly set: <TKey extends Exclude<keyof TFields, ReducedKeys<TFields>>>(
    key: TKey,
    value: SharedValueOf<TFields[TKey]>,
  ) => void;
  /** Adds to a value that has a `reduce`. It counts when the runnable completes. */
  readonly add: <TKey extends ReducedKeys<TFields>>(key: TKey, value: SharedValueOf<TFields[TKey]>) => void;
}

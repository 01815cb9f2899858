/** Shared state: values that belong to a run and not to an edge, declared once and typed everywhere. */

import { InvalidStateError } from "../errors/invalid-state-error.ts";
import type { Activation } from "../kernel/activation.ts";
import {
  commitWrites,
  type StateValues,
  type StateWrite,
  type ValueRule,
  written,
} from "../kernel/state-values.ts";
import type { Schema } from "./schema.ts";

/** One value of shared state. */
export interface SharedValue<TValue> {
  /** What it is before anybody has written it. */
  readonly start: TValue;
  /** Checks what is written; it has to answer at once. */
  readonly schema?: Schema<TValue>;
  /** Adds a written value to the current one; pure. With it branches may write side by side, by `add`. */
  readonly reduce?: (current: TValue, added: TValue) => TValue;
}

type Values = { readonly [key: string]: SharedValue<never> };
type ValueOf<TField> = TField extends { readonly start: infer TValue } ? TValue : never;
type Reducing<TFields> = {
  [TKey in keyof TFields]: TFields[TKey] extends { readonly reduce: unknown } ? TKey : never;
}[keyof TFields];

/** What is known of each value: its type, and whether it is added to. */
export type Fields<TValues, TReducing> = {
  readonly [TKey in keyof TValues]: TKey extends TReducing
    ? { readonly start: TValues[TKey]; readonly reduce: unknown }
    : { readonly start: TValues[TKey] };
};

/** A declaration of shared state, made by {@link sharedState}. */
export interface SharedState<TFields> {
  readonly id: string;
  readonly values: TFields;
  /** For the engine: opens it for one invocation; without an operation what is written is lost. Use `ctx.state`. */
  readonly view: (
    operation: Activation | undefined,
    committed: () => StateValues | undefined,
  ) => StateView<TFields>;
}

/** Shared state as one runnable sees it: what was committed, and its own writes on top. */
export interface StateView<TFields> {
  readonly get: <TKey extends keyof TFields>(key: TKey) => ValueOf<TFields[TKey]>;
  /** Replaces a value. It counts when the runnable completes. */
  readonly set: <TKey extends Exclude<keyof TFields, Reducing<TFields>>>(
    key: TKey,
    value: ValueOf<TFields[TKey]>,
  ) => void;
  /** Adds to a value that has a `reduce`. It counts when the runnable completes. */
  readonly add: <TKey extends Reducing<TFields>>(key: TKey, value: ValueOf<TFields[TKey]>) => void;
}

/**
 * Declares values that belong to a run: read and written in any runnable by `ctx.state(...)`, gone
 * with the run. What moves from state to state belongs on the edges; this is for what many states share.
 *
 * @param id unique in a run, because it names the values in the journal.
 *
 * @example
 * ```ts
 * const memory = sharedState("memory", {
 *   language: { start: "en" },
 *   notes: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
 * });
 * const search = runnable("search", async (query: string, ctx) => {
 *   ctx.state(memory).add("notes", [query]);
 * });
 * ```
 */
export function sharedState<TValues, TFields = unknown>(
  id: string,
  values: { readonly [TKey in keyof TValues]: SharedValue<TValues[TKey]> } & TFields,
): SharedState<Fields<TValues, Reducing<TFields>>> {
  const fields = Object.freeze({ ...values }) as unknown as Fields<TValues, Reducing<TFields>>;
  const self: SharedState<Fields<TValues, Reducing<TFields>>> = {
    id,
    values: fields,
    view: (operation, committed) => {
      const attached = operation?.attach();
      if (attached !== undefined) attached.commit = commitWrites;
      return viewOf(self, attached?.writes ?? [], committed);
    },
  };
  return Object.freeze(self);
}

/** The view of one invocation, whose writes are collected in `writes`. */
function viewOf<TFields>(
  { id, values }: SharedState<TFields>,
  writes: StateWrite[],
  committed: () => StateValues | undefined,
): StateView<TFields> {
  const rules = values as unknown as Values;
  const get = (key: string): unknown => {
    const rule = rules[key] as ValueRule;
    const values = committed();
    const before = values === undefined ? rule.start : values.read(id, key, rule);
    const own = writes.filter((write) => write.state === id && write.key === key);
    return written(before, own, rule);
  };
  const put = (kind: StateWrite["kind"]) => (key: string, value: unknown) => {
    writes.push({ state: id, key, kind, value: checked(id, key, rules[key]?.schema, value) });
  };
  return { get, set: put("set"), add: put("add") } as unknown as StateView<TFields>;
}

function checked(state: string, key: string, schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  const result = schema["~standard"].validate(value);
  const issues =
    result instanceof Promise ? [{ message: "its schema has to answer at once" }] : result.issues;
  if (issues !== undefined) throw new InvalidStateError({ state, key, issues });
  return (result as { readonly value: unknown }).value;
}

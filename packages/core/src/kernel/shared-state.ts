import { InvalidStateError } from "../errors/invalid-state-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { Schema } from "../words/schema.ts";
import {
  OPENER,
  type ReducedKeys,
  type SharedFields,
  type SharedState,
  type SharedValue,
  type StateView,
} from "../words/shared-state.ts";
import type { StateOpener } from "./open-state.ts";
import {
  commitWrites,
  type StateDraft,
  type StateValues,
  type StateWrite,
  type ValueRule,
  written,
} from "./state-values.ts";

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
): SharedState<SharedFields<TValues, ReducedKeys<TFields>>> {
  const fields = Object.freeze({ ...values }) as unknown as SharedFields<TValues, ReducedKeys<TFields>>;
  return Object.freeze({ id, values: fields, [OPENER]: open });
}

/** Opens a declaration for one attempt. */
const open: StateOpener = (shared, { operation, admit }, committed) => {
  const attached = operation.attach();
  attached.commit = commitWrites;
  attached.drafts ??= [];
  return viewOf(shared, attached.writes, attached.drafts, admit, committed);
};

type Values = { readonly [key: string]: SharedValue<never> };

/** The view of one invocation, whose writes are collected in `writes`, with the values that it was handed out in `drafts`. */
function viewOf<TFields>(
  { id, values }: SharedState<TFields>,
  writes: StateWrite[],
  drafts: StateDraft[],
  admit: () => void,
  committed: () => StateValues | undefined,
): StateView<TFields> {
  const rules = values as unknown as Values;
  const isOf =
    (key: string) =>
    (one: { readonly state: string; readonly key: string }): boolean =>
      one.state === id && one.key === key;
  const get = (key: string): unknown => {
    const rule = rules[key] as ValueRule;
    const known = rule.reduce === undefined ? drafts.find(isOf(key)) : undefined;
    if (known !== undefined) return known.value;
    const own = writes.filter(isOf(key));
    const values = committed();
    const value = values === undefined ? written(rule.start, own, rule) : values.view(id, key, rule, own);
    // What a reducer makes grows by `add` alone; any other value is this invocation's to change until it completes.
    if (rule.reduce === undefined && typeof value === "object") {
      drafts.push({ state: id, key, from: copyOf(value), value });
    }
    return value;
  };
  const put = (kind: StateWrite["kind"]) => (key: string, value: unknown) => {
    admit();
    writes.push({ state: id, key, kind, value: copyOf(checked(id, key, rules[key]?.schema, value)) });
    const place = drafts.findIndex(isOf(key));
    if (place !== -1) drafts.splice(place, 1);
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

/**
 * The committed values of shared state in one run. They are nobody's but the run's: start values belong to all runs, so
 * what is handed out, and what a reducer is given, is a copy, or cannot be changed. Writes count when the runnable that made them
 * completes; a reducer is applied when the value is read, because after a restart the declaration that
 * holds it comes in with the first reader.
 */

import { StateConflictError } from "../errors/state-conflict-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import { isSame } from "../platform/is-same.ts";
import type { Activation } from "./activation.ts";
import type { Attached } from "./attached.ts";
import { SharedList } from "./shared-list.ts";
import type { RunState } from "./transition.ts";

/** One write to shared state: a value that replaces the old one, or a value for the reducer. It is nobody else's. */
export interface StateWrite {
  readonly state: string;
  readonly key: string;
  readonly kind: "set" | "add";
  readonly value: unknown;
}

/** How a value starts and grows. */
export interface ValueRule {
  readonly start: unknown;
  readonly reduce?: ((current: never, added: never) => unknown) | undefined;
}

/** The writes that make one value, and who wrote it last. */
export interface KeptValue {
  readonly writes: readonly StateWrite[];
  readonly writer: Activation;
}

interface Entry extends KeptValue {
  /** The writes from the last replacement on, oldest first; from `list` on, where there is one. */
  writes: StateWrite[];
  list: SharedList | undefined;
  writer: Activation;
}

/** A value that was handed out, and may be changed by whoever has it. */
export interface StateDraft {
  readonly state: string;
  readonly key: string;
  /** What it was a copy of. */
  readonly from: unknown;
  readonly value: unknown;
}

/** Values by state and key. */
export class StateValues {
  readonly #entries = new Map<string, Entry>();
  /** Another number after each change. */
  version = 0;

  /** The writes that make the values, oldest first for each, and who wrote last; `undefined` once one of them was reduced to a list. */
  kept(): readonly KeptValue[] | undefined {
    const entries = [...this.#entries.values()];
    return entries.some(({ list }) => list !== undefined) ? undefined : entries;
  }

  /** A copy of the committed value, with the writes of an invocation on top. */
  view(state: string, key: string, rule: ValueRule, writes: readonly StateWrite[]): unknown {
    const entry = this.#entries.get(nameOf(state, key));
    if (entry === undefined) return written(rule.start, writes, rule);
    settle(entry, state, key, rule);
    if (entry.list === undefined) return written(entry.writes[0]!.value, writes, rule);
    if (writes.length === 0) return entry.list.copy();
    return entry.list.with(writes, rule.reduce!) ?? written(entry.list.copy(), writes, rule);
  }

  /** The error of a runnable that completed, if another branch beside it set one of the values that it set. */
  conflict(writer: Activation, writes: readonly StateWrite[]): StateConflictError | undefined {
    for (const { state, key, kind } of writes) {
      const other = this.#entries.get(nameOf(state, key))?.writer;
      if (kind === "set" && other !== undefined && areSideBySide(writer, other)) {
        return new StateConflictError({ state, key, path: writer.path, other: other.path });
      }
    }
    return undefined;
  }

  /** Takes the writes of a runnable that completed. */
  take(writer: Activation, writes: readonly StateWrite[]): void {
    this.version += 1;
    for (const write of writes) {
      const name = nameOf(write.state, write.key);
      const entry = this.#entries.get(name);
      if (entry === undefined || write.kind === "set")
        this.#entries.set(name, { writes: [write], list: undefined, writer });
      else {
        entry.writes.push(write);
        entry.writer = writer;
      }
    }
  }
}

/** Commits what an operation wrote. */
export function commitWrites(run: RunState, operation: Activation): StateConflictError | undefined {
  const writes = settledWrites(operation.attach());
  if (writes.length === 0) return undefined;
  run.values ??= new StateValues();
  const conflict = run.values.conflict(operation, writes);
  if (conflict === undefined) run.values.take(operation, writes);
  return conflict;
}

/**
 * Fails an operation as `commitWrites` does, and takes none of its writes: it runs again later. Conditions are asked as after
 * writes that count, because the journal has which of them these writes met.
 */
export function checkWrites(run: RunState, operation: Activation): StateConflictError | undefined {
  run.values ??= new StateValues();
  run.values.version += 1;
  return run.values.conflict(operation, settledWrites(operation.attach()));
}

/** Makes one value of what was written. Once reduced, it stays so. */
function settle(entry: Entry, state: string, key: string, rule: ValueRule): void {
  const { list, writes } = entry;
  const [first] = writes;
  if (list === undefined) {
    if (writes.length === 1 && first!.kind === "set") return;
  } else {
    if (first === undefined) return;
    if (list.take(writes, rule.reduce!)) {
      entry.writes = [];
      return;
    }
  }
  const value = written(list === undefined ? rule.start : list.copy(), writes, rule);
  entry.list = rule.reduce && SharedList.made(value, rule.reduce);
  entry.writes = entry.list === undefined ? [{ state, key, kind: "set", value }] : [];
}

/** What an operation wrote, with the values that it was handed out and has changed. */
export function settledWrites(attached: Pick<Attached, "writes" | "drafts">): readonly StateWrite[] {
  const { drafts } = attached;
  if (drafts !== undefined) {
    attached.drafts = undefined;
    for (const { state, key, from, value } of drafts) {
      if (!isSame(from, value)) attached.writes.push({ state, key, kind: "set", value: copyOf(value) });
    }
  }
  return attached.writes;
}

/** The value after these writes. A reducer may change what it is given, so it is given copies. */
export function written(before: unknown, writes: readonly StateWrite[], { reduce }: ValueRule): unknown {
  let value = copyOf(before);
  for (const write of writes) {
    const added = copyOf(write.value);
    value = write.kind === "set" || reduce === undefined ? added : reduce(value as never, added as never);
  }
  return value;
}

function nameOf(state: string, key: string): string {
  return `${state}\n${key}`;
}

/** Whether two activations are in different branches of one fan-out. */
function areSideBySide(one: Activation, other: Activation): boolean {
  const slots = new Map<Activation, number>();
  for (let at = other; at.parent !== undefined; at = at.parent) {
    if (at.slot !== -1) slots.set(at.parent, at.slot);
  }
  for (let at = one; at.parent !== undefined; at = at.parent) {
    const slot = slots.get(at.parent);
    if (slot !== undefined && slot !== at.slot) return true;
  }
  return false;
}

import type { AnyRunnable } from "../words/runnable.ts";
import type { AnySignalKind } from "../words/signal.ts";
import type { Activation } from "./activation.ts";
import type { MachineNode } from "./machine-frame.ts";
import { awaitsOf } from "./mailbox.ts";
import { nodeOf, type WaitNode } from "./node.ts";

/** Kinds of signals by their names. */
export type SignalKinds = ReadonlyMap<string, AnySignalKind>;

const declared = new WeakMap<AnyRunnable, SignalKinds>();

/** The kinds that the states of a run wait for: those of its definition, and those of states that were made on the way and wait now. */
export function kindsOf({ runnable, attached }: Activation): SignalKinds {
  const kinds = new Map(declaredIn(runnable.source));
  for (const operation of attached?.mailbox?.waiting ?? []) {
    const { signal } = awaitsOf(operation);
    if (signal !== undefined && !kinds.has(signal.name)) kinds.set(signal.name, signal);
  }
  return kinds;
}

function declaredIn(runnable: AnyRunnable): SignalKinds {
  let known = declared.get(runnable);
  if (known === undefined) {
    const found = new Map<string, AnySignalKind>();
    collect(runnable, found);
    known = found;
    declared.set(runnable, known);
  }
  return known;
}

function collect(runnable: AnyRunnable, found: Map<string, AnySignalKind>): void {
  const node = nodeOf(runnable);
  if (node === undefined) return;
  const signal = (node as WaitNode).awaits?.signal;
  if (signal !== undefined && !found.has(signal.name)) found.set(signal.name, signal);
  for (const branch of node.branches ?? []) collect(branch, found);
  const { definition } = node as Partial<MachineNode>;
  for (const state of definition?.states ?? []) collect(state.runnable.source, found);
}

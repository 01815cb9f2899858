/** A run made again from a snapshot, without the records that led there. */

import { Activation, type Frame } from "../kernel/activation.ts";
import type { CircuitState } from "../kernel/circuit.ts";
import { compiled } from "../kernel/compiled.ts";
import type { FanFrame } from "../kernel/fan-frame.ts";
import type { MachineFrame } from "../kernel/machine-frame.ts";
import { mailboxOf } from "../kernel/mailbox.ts";
import { newRun } from "../kernel/new-run.ts";
import type { OpenNode, WaitNode } from "../kernel/node.ts";
import { StateValues, type StateWrite } from "../kernel/state-values.ts";
import type { RunState } from "../kernel/transition.ts";
import { QuestionEnds } from "../run/question-ends.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type ActivationForm, isPlain } from "./activation-form.ts";
import type { Codec } from "./codec.ts";
import { giveDossiers } from "./dossiers-form.ts";
import { branchOf, type FanForm, fanFrameOf, followerOf } from "./fan-form.ts";
import type { Folded } from "./folded.ts";
import { machineFrameOf } from "./frame-form.ts";
import type { Json } from "./json.ts";
import { revive } from "./revive.ts";
import type { SnapshotForm, WriteForm } from "./snapshot-form.ts";

/** Makes a run again. Throws where the form is not one of this runnable. */
export function restoredRun(form: SnapshotForm, runnable: AnyRunnable, codec: Codec): Folded {
  const [first, ...others] = form.a;
  const run = newRun(runnable, codec.decode(first!.i));
  run.yields = form.y;
  const all: Activation[] = [];
  const add = (at: Activation, one: ActivationForm): number => all.push(fill(at, one, runnable, codec));
  add(run.root, first!);
  for (const one of others) add(childOf(all[one.p ?? all.length - 1]!, one, codec), one);
  for (const one of all) {
    const { left, node } = (one.frame ?? {}) as Partial<FanFrame>;
    // What is open in it is there by now.
    if (left !== undefined) node!.background!.leave(one);
  }
  const at = (places: readonly number[]): readonly Activation[] => places.map((place) => all[place]!);
  // An operation has no frame, and one is open at least.
  const open = at(form.o ?? [all.findIndex(({ frame }) => frame === undefined)]);
  restoreValues(run, form, all, codec);
  restoreCircuit(run, form, codec);
  restoreMailbox(run, form, open, codec);
  const questions = new QuestionEnds();
  questions.restore(form.q);
  return {
    run,
    open: new Map(open.map((operation) => [operation.path, operation])),
    timers: form.t.map(([place, due, ms]) => ({ activation: all[place]!, due, ms, purpose: "deadline" })),
    halted: at(form.h ?? []),
    held: new Set(at(form.k ?? [])),
    events: form.e,
    limit: form.l,
    questions,
    failedAt: undefined,
  };
}

/** Makes what is open in a composite. */
function childOf(parent: Activation, form: ActivationForm, codec: Codec): Activation {
  const { i, c, s, b, visit } = form;
  const input = codec.decode(i);
  if (b !== undefined) {
    const { runnable } = (parent.frame as MachineFrame).definition.states[b]!;
    const part = new Activation(parent, runnable, input, visit);
    part.over = true;
    return part;
  }
  if (s !== undefined) return branch(parent, s, input, visit);
  if (parent.node!.kind !== "orchestration") {
    const { factory, branches } = parent.node as OpenNode;
    const made = c === undefined ? compiled(branches![0]!) : factory!(parent.input, c);
    const child = new Activation(parent, made, input, visit);
    parent.frame = { child, closing: undefined } as Frame;
    return child;
  }
  const frame = parent.frame as MachineFrame;
  frame.child = new Activation(parent, frame.current.runnable, input, visit);
  return frame.child;
}

function branch(parent: Activation, slot: number, input: unknown, visit: number): Activation {
  const frame = parent.frame as FanFrame;
  const follows = frame.following?.slot === slot;
  const runnable = follows ? followerOf(frame) : branchOf(frame, slot);
  const child = new Activation(parent, runnable, input, visit, slot);
  if (follows) frame.following = child;
  frame.children[slot] = child;
  frame.active += 1;
  return child;
}

function fill(at: Activation, form: ActivationForm, root: AnyRunnable, codec: Codec): Activation {
  const { attempt, startedAt, n, rests, d, h, f, g } = form;
  at.attempt = attempt;
  at.startedAt = startedAt;
  if (rests === true) at.attach().rests = true;
  for (const [name, json] of n ?? []) {
    const value = name === "held" ? revive(json) : isPlain(name) ? json : codec.decode(json);
    at.attach().notes.set(name, { kind: "kept", value });
  }
  const decode = (json: Json | undefined): unknown => codec.decode(json);
  if (d !== undefined) giveDossiers(at, d, root, decode);
  if (f !== undefined) at.frame = machineFrameOf(at, f, codec);
  if (g !== undefined) fillFan(at, g, h, root, decode);
  if (at.node?.kind === "collect") at.frame = { closing: undefined };
  return at;
}

function fillFan(
  fan: Activation,
  form: FanForm,
  added: ActivationForm["h"],
  root: AnyRunnable,
  decode: (json: Json | undefined) => unknown,
): void {
  const frame = fanFrameOf(fan, form, decode);
  fan.frame = frame;
  for (const [slot, dossiers] of added ?? []) {
    // Stands for a branch that has ended, which hands on what was added in it.
    const ended = new Activation(fan, branchOf(frame, slot), undefined, 1, slot);
    giveDossiers(ended, dossiers, root, decode);
    ended.attached!.leaving!(ended, { kind: "completed", value: undefined });
  }
}

/** The circuit, and which fan-outs lost branches. */
function restoreCircuit({ root }: RunState, { r, c }: SnapshotForm, codec: Codec): void {
  if (c !== undefined) root.attach().censuses = c;
  if (r === undefined) return;
  root.attach().circuit = { ...r, chosen: codec.decode(r.chosen) as CircuitState["chosen"] };
}

/** Shared state. */
function restoreValues(run: RunState, { w }: SnapshotForm, all: readonly Activation[], codec: Codec): void {
  if (w === undefined) return;
  run.values = new StateValues();
  for (const { b, ...write } of w) {
    const writer = b === undefined ? run.root : writerOf(all[b[0]]!, b);
    run.values.take(writer, [{ ...write, value: codec.decode(write.value) } as StateWrite]);
  }
}

/** Stands for who wrote a value, of whom nothing but the place and the path counts. */
function writerOf(fan: Activation, [, slot, path]: NonNullable<WriteForm["b"]>): Activation {
  const writer = new Activation(fan, fan.runnable, undefined, 1, slot);
  writer.named = path;
  return writer;
}

/** Signals, and who waits for them. */
function restoreMailbox(run: RunState, { m }: SnapshotForm, open: readonly Activation[], codec: Codec): void {
  if (m === undefined) return;
  const signals = m.signals.map(({ name, key, value }) => ({ name, key, value: codec.decode(value) }));
  const waiting = open.filter(({ node }) => (node as WaitNode | undefined)?.awaits !== undefined);
  mailboxOf(run.root).restore({ ...m, signals }, waiting, run.values?.version ?? 0);
}

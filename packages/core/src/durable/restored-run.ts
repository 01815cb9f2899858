/** A run made again from a snapshot, without the records that led there. */

import { Activation, type Frame } from "../kernel/activation.ts";
import { giveDossier } from "../kernel/dossier.ts";
import type { FanFrame } from "../kernel/fan-frame.ts";
import type { MachineFrame, MachineNode } from "../kernel/machine-frame.ts";
import { mailboxOf } from "../kernel/mailbox.ts";
import { newRun } from "../kernel/new-run.ts";
import type { OpenNode, WaitNode } from "../kernel/node.ts";
import { StateValues, type StateWrite } from "../kernel/state-values.ts";
import type { RunState } from "../kernel/transition.ts";
import { QuestionEnds } from "../run/question-ends.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Codec } from "./codec.ts";
import { branchOf, fanFrameOf } from "./fan-form.ts";
import type { Folded } from "./folded.ts";
import { revive } from "./revive.ts";
import {
  type ActivationForm,
  type FrameForm,
  isPlain,
  type SnapshotForm,
  type WriteForm,
} from "./snapshot-form.ts";

/** Makes a run again. Throws where the form is not one of this runnable. */
export function restoredRun(form: SnapshotForm, runnable: AnyRunnable, codec: Codec): Folded {
  const [first, ...others] = form.a;
  const run = newRun(runnable, codec.decode(first!.i));
  run.yields = form.y;
  const all = [fill(run.root, first!, codec)];
  for (const one of others) all.push(fill(childOf(all[one.p ?? all.length - 1]!, one, codec), one, codec));
  const open = (form.o ?? [all.length - 1]).map((place) => all[place]!);
  restoreValues(run, form, all, codec);
  restoreMailbox(run, form, open, codec);
  const questions = new QuestionEnds();
  questions.restore(form.q);
  return {
    run,
    open: new Map(open.map((operation) => [operation.path, operation])),
    timers: form.t.map(([place, due, ms]) => ({ activation: all[place]!, due, ms, purpose: "deadline" })),
    halted: [],
    held: new Set(),
    events: form.e,
    limit: form.l,
    questions,
    failedAt: undefined,
  };
}

/** Makes what is open in a composite. */
function childOf(parent: Activation, { i, c, s, visit }: ActivationForm, codec: Codec): Activation {
  const input = codec.decode(i);
  if (c !== undefined) {
    const child = new Activation(parent, (parent.node as OpenNode).factory!(parent.input, c), input, visit);
    parent.frame = { child, closing: undefined } as Frame;
    return child;
  }
  if (s === undefined) {
    const frame = parent.frame as MachineFrame;
    frame.child = new Activation(parent, frame.current.runnable, input, visit);
    return frame.child;
  }
  const frame = parent.frame as FanFrame;
  const child = new Activation(parent, branchOf(frame, s), input, visit, s);
  frame.children[s] = child;
  frame.active += 1;
  return child;
}

function fill(at: Activation, form: ActivationForm, codec: Codec): Activation {
  const { attempt, startedAt, n, rests, f, g } = form;
  at.attempt = attempt;
  at.startedAt = startedAt;
  if (rests === true) at.attach().rests = true;
  for (const [name, json] of n ?? []) {
    const value = name === "held" ? revive(json) : isPlain(name) ? json : codec.decode(json);
    at.attach().notes.set(name, { kind: "kept", value });
  }
  if (f !== undefined) at.frame = frameOf(at, f);
  if (g !== undefined) at.frame = fanFrameOf(at, g, (json) => codec.decode(json));
  return at;
}

function frameOf(machine: Activation, { visits, steps, at, last, reruns, spent }: FrameForm): MachineFrame {
  const { definition } = machine.node as MachineNode;
  return {
    machine,
    definition,
    visits: [...visits],
    steps,
    current: definition.states[at]!,
    child: undefined,
    undecided: undefined,
    last,
    reruns,
    spent,
    closing: undefined,
  };
}

/** Shared state and dossiers. */
function restoreValues(
  run: RunState,
  { w, d }: SnapshotForm,
  all: readonly Activation[],
  codec: Codec,
): void {
  for (const [id, fields] of Object.entries(d ?? {})) giveDossier(run.root, id, codec.decode(fields));
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

/** A run made again from a snapshot, without the records that led there. */

import { Activation } from "../kernel/activation.ts";
import { giveDossier } from "../kernel/dossier.ts";
import type { MachineFrame, MachineNode } from "../kernel/machine-frame.ts";
import { mailboxOf } from "../kernel/mailbox.ts";
import { newRun } from "../kernel/new-run.ts";
import type { WaitNode } from "../kernel/node.ts";
import { StateValues, type StateWrite } from "../kernel/state-values.ts";
import type { RunState } from "../kernel/transition.ts";
import { QuestionEnds } from "../run/question-ends.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Codec } from "./codec.ts";
import type { Folded } from "./folded.ts";
import { revive } from "./revive.ts";
import { type ActivationForm, type FrameForm, isPlain, type SnapshotForm } from "./snapshot-form.ts";

/** Makes a run again. Throws where the form is not one of this runnable. */
export function restoredRun(form: SnapshotForm, runnable: AnyRunnable, codec: Codec): Folded {
  const [first, ...others] = form.a;
  const run = newRun(runnable, codec.decode(first!.i));
  run.yields = form.y;
  fill(run.root, first!, codec);
  const chain = [run.root];
  let operation = run.root;
  for (const one of others) {
    const { current } = operation.frame as MachineFrame;
    const child = new Activation(operation, current.runnable, codec.decode(one.i), one.visit);
    (operation.frame as MachineFrame).child = child;
    operation = fill(child, one, codec);
    chain.push(child);
  }
  restoreValues(run, form, operation, codec);
  const questions = new QuestionEnds();
  questions.restore(form.q);
  return {
    run,
    open: new Map([[operation.path, operation]]),
    timers: form.t.map(([place, due, ms]) => ({ activation: chain[place]!, due, ms, purpose: "deadline" })),
    halted: [],
    held: new Set(),
    events: form.e,
    limit: form.l,
    questions,
    failedAt: undefined,
  };
}

function fill(at: Activation, { attempt, startedAt, n, rests, f }: ActivationForm, codec: Codec): Activation {
  at.attempt = attempt;
  at.startedAt = startedAt;
  if (rests === true) at.attach().rests = true;
  for (const [name, json] of n ?? []) {
    const value = name === "held" ? revive(json) : isPlain(name) ? json : codec.decode(json);
    at.attach().notes.set(name, { kind: "kept", value });
  }
  if (f !== undefined) at.frame = frameOf(at, f);
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

/** What belongs to the whole run: shared state, dossiers, signals. */
function restoreValues(run: RunState, { w, d, m }: SnapshotForm, operation: Activation, codec: Codec): void {
  if (w !== undefined) {
    run.values = new StateValues();
    const writes = w.map((write) => ({ ...write, value: codec.decode(write.value) }) as StateWrite);
    run.values.take(run.root, writes);
  }
  for (const [id, fields] of Object.entries(d ?? {})) giveDossier(run.root, id, codec.decode(fields));
  if (m === undefined) return;
  const signals = m.signals.map(({ name, key, value }) => ({ name, key, value: codec.decode(value) }));
  const waiting = (operation.node as WaitNode | undefined)?.awaits === undefined ? undefined : operation;
  mailboxOf(run.root).restore({ ...m, signals }, waiting, run.values?.version ?? 0);
}

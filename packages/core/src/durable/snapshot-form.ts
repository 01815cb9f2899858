/**
 * A run as plain data: what is open in it as a tree of machines, fan-outs, choices and operations. A state that was made on the
 * way, a circuit, a background, and what is being stopped have no such form.
 */

import type { Closed } from "../errors/question-closed-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { Attached } from "../kernel/attached.ts";
import { hasBackground } from "../kernel/background.ts";
import { isFan } from "../kernel/fan-frame.ts";
import { type MachineFrame, machineOf, type Spent } from "../kernel/machine-frame.ts";
import type { KeptMailbox, SentSignal } from "../kernel/mailbox.ts";
import type { OpenNode } from "../kernel/node.ts";
import type { KeptValue, StateWrite } from "../kernel/state-values.ts";
import { given } from "../platform/given.ts";
import type { Codec } from "./codec.ts";
import { branchOf, type FanForm, fanForm } from "./fan-form.ts";
import type { Folded } from "./folded.ts";
import type { Json } from "./json.ts";
import { PLAIN } from "./record-reader.ts";
import { errorJson } from "./revive.ts";
import { Undecoded } from "./undecoded.ts";

/** A run. Short names, because a snapshot is read before a run goes on. */
export interface SnapshotForm {
  /** The activations, each after the one around it and the branches before it. */
  readonly a: readonly ActivationForm[];
  /** The places of the operations in `a`, in the order in which they began; absent where there is one. */
  readonly o?: readonly number[];
  /** Deadlines: the place of the machine in `a`, when it is due, and how long it was to be, in milliseconds. */
  readonly t: readonly (readonly [place: number, due: number, ms: number])[];
  /** What was written to shared state. */
  readonly w?: readonly WriteForm[];
  /** What was added to dossiers, by their ids. */
  readonly d?: { readonly [id: string]: Json };
  /** Signals. */
  readonly m?: Omit<KeptMailbox, "signals"> & { readonly signals: readonly SignalForm[] };
  /** How questions ended. */
  readonly q: readonly (readonly [id: string, end: Closed | "answered"])[];
  /** Whether branches that wait give their places back. */
  readonly y: boolean;
  /** The number of the last event, and up to which number events may have been told. */
  readonly e: number;
  readonly l: number;
}

/** A write to shared state, with its value as a codec makes it. */
export type WriteForm = Omit<StateWrite, "value"> & {
  readonly value?: Json;
  /** Of whoever wrote the value last: the place of the innermost fan-out that is open around it, its branch there, and its path. */
  readonly b?: readonly [place: number, slot: number, path: string];
};

/** A signal that no state has taken. */
export type SignalForm = Pick<SentSignal, "name"> & { readonly key?: string; readonly value?: Json };

/** An activation. */
export interface ActivationForm {
  /** The place of the one around it; absent where that is the one before. */
  readonly p?: number;
  /** Its branch in the fan-out around it. */
  readonly s?: number;
  /** What was chosen, where a choice is around it. */
  readonly c?: string;
  /** The input; absent where it is `undefined`. */
  readonly i?: Json;
  readonly visit: number;
  readonly attempt: number;
  readonly startedAt: number;
  /** Its notes: the name, and the value where it is not `undefined`. */
  readonly n?: readonly (readonly [name: string, value?: Json])[];
  readonly rests?: true;
  /** Of a machine. */
  readonly f?: FrameForm;
  /** Of a fan-out. */
  readonly g?: FanForm;
}

/** How far a machine is. */
export interface FrameForm extends Pick<MachineFrame, "visits" | "steps" | "reruns"> {
  /** The number of the current state. */
  readonly at: number;
  readonly last?: string[];
  readonly spent?: Spent;
}

/** A run of which no snapshot can be made. */
class Formless extends Error {}

/** A run as plain data; `undefined` where it has no such form. */
export function snapshotForm(folded: Folded, codec: Codec): SnapshotForm | undefined {
  try {
    return formOf(folded, (value) => {
      if (value instanceof Undecoded) throw new Formless();
      return codec.encode(value, "a value of a snapshot");
    });
  } catch {
    // A value that cannot be kept is named where it is kept for good.
    return undefined;
  }
}

type Encode = (value: unknown) => Json | undefined;

function formOf({ run, open, timers, ...rest }: Folded, encode: Encode): SnapshotForm {
  must(run.ended === undefined && rest.halted.length === 0 && rest.held.size === 0);
  const all = [...openAt(run.root)];
  const places = new Map(all.map((at, place) => [at, place]));
  const order = [...open.values()].map((operation) => places.get(operation));
  must(timers.every(({ purpose, activation }) => purpose === "deadline" && places.has(activation)));
  const leaves = all.filter(({ frame }) => frame === undefined);
  must(order.length === leaves.length && order.length > 0 && !order.includes(undefined));
  const { mailbox, dossiers } = run.root.attached ?? {};
  must(mailbox === undefined || mailbox.waiting.every((one) => open.get(one.path) === one));
  const kept = run.values?.kept();
  must(run.values === undefined || kept !== undefined);
  return {
    a: all.map((at, place) => activationForm(at, place, places, encode)),
    t: timers.map(({ activation, due, ms }) => [places.get(activation)!, due, ms]),
    ...given({
      o: order.length === 1 ? undefined : (order as readonly number[]),
      w: kept?.flatMap((one) => writeForms(one, places, encode)),
      d: dossiers && Object.fromEntries([...dossiers].map(([id, { fields }]) => [id, encode(fields)!])),
      m: mailbox && {
        ...mailbox.kept,
        signals: mailbox.kept.signals.map(({ name, key, value }) => ({
          name,
          ...given({ key, value: encode(value) }),
        })),
      },
    }),
    q: [...rest.questions.all()],
    y: run.yields,
    e: rest.events,
    l: rest.limit,
  };
}

type Places = ReadonlyMap<Activation, number>;

/** All that is open, each after the one around it. */
function* openAt(at: Activation): Iterable<Activation> {
  yield at;
  if (at.frame === undefined) return;
  must(!hasBackground(at.node) || at.node.parts(at).length === 0);
  for (const child of (at.node as OpenNode).within(at)) if (child !== undefined) yield* openAt(child);
}

/** The writes of one value. Who wrote it matters for branches beside it alone. */
function writeForms({ writes, writer }: KeptValue, places: Places, encode: Encode): readonly WriteForm[] {
  let b: WriteForm["b"];
  for (let at = writer; b === undefined && at.parent !== undefined; at = at.parent) {
    const place = at.slot === -1 ? undefined : places.get(at.parent);
    if (place !== undefined) b = [place, at.slot, writer.path];
  }
  return writes.map(({ value, ...write }) => ({ ...write, ...given({ value: encode(value), b }) }));
}

function activationForm(at: Activation, place: number, places: Places, encode: Encode): ActivationForm {
  const { parent, input, visit, attempt, startedAt, slot, attached, frame, runnable } = at;
  must(!at.over && at.aborted === undefined && (runnable.made === undefined || parent === undefined));
  const around = parent === undefined ? place - 1 : places.get(parent)!;
  const isMachine = machineOf(at) !== undefined;
  if (parent !== undefined) mustBeDeclared(parent, at);
  if (attached !== undefined) mustBePlain(attached, parent === undefined);
  const fields = given({
    p: around === place - 1 ? undefined : around,
    s: slot === -1 ? undefined : slot,
    c: parent?.node?.kind === "choose" ? runnable.id : undefined,
    i: encode(input),
    n: attached && notesOf(attached, encode),
    rests: attached?.rests === true ? (true as const) : undefined,
    f: isMachine ? frameForm(at) : undefined,
    g: frame !== undefined && isFan(frame) ? (fanForm(frame, encode) ?? none()) : undefined,
  });
  must(frame === undefined || isMachine || fields.g !== undefined || at.node?.kind === "choose");
  return { ...fields, visit, attempt, startedAt };
}

/** Whether an activation is the one that its definition says is there. */
function mustBeDeclared({ frame, node }: Activation, { runnable, slot }: Activation): void {
  if (slot !== -1) must(isFan(frame!) && branchOf(frame, slot) === runnable);
  else if (node?.kind === "choose") must(frame?.closing === undefined);
  else must((frame as MachineFrame).current.runnable === runnable);
}

/** What is not among these has no form. */
function mustBePlain(attached: Attached, isRoot: boolean): void {
  const { writes, drafts, commit, stopped, censuses, dossiers, branches, circuit } = attached;
  // How a branch puts its dossiers together with those around it is known to its edges alone.
  const others = [drafts, commit, censuses, branches, circuit, isRoot ? undefined : dossiers];
  must(writes.length === 0 && !stopped && others.every((one) => one === undefined));
}

function notesOf({ notes }: Attached, encode: Encode): ActivationForm["n"] {
  if (notes.size === 0) return undefined;
  return [...notes].map(([name, { kind, value }]) => {
    must(kind === "kept");
    const json = name === "held" ? errorJson(value) : isPlain(name) ? (value as Json) : encode(value);
    return json === undefined ? [name] : [name, json];
  });
}

/** Whether the codec of the user does not read notes of this name. */
export function isPlain(name: string): boolean {
  return PLAIN.has(name.split(":", 1)[0]!);
}

function frameForm(at: Activation): FrameForm {
  const { definition, current, visits, steps, reruns, last, spent, closing, undecided, child } =
    machineOf(at)!;
  const isDeclared = definition.states[current.index] === current && child !== undefined;
  must(isDeclared && closing === undefined && undecided === undefined);
  return { visits, steps, at: current.index, reruns, ...given({ last, spent }) };
}

function must(holds: boolean): void {
  if (!holds) none();
}

function none(): never {
  throw new Formless();
}

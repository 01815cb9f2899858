/**
 * A run as plain data. Only a chain has such a form: machines inside one another, and one open operation. What a fan-out or
 * a race has open, a state that was made on the way, a circuit, and what is being stopped have none.
 */

import type { Closed } from "../errors/question-closed-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { Attached } from "../kernel/attached.ts";
import { type MachineFrame, machineOf, type Spent } from "../kernel/machine-frame.ts";
import type { KeptMailbox, SentSignal } from "../kernel/mailbox.ts";
import type { StateWrite } from "../kernel/state-values.ts";
import { given } from "../platform/given.ts";
import type { Codec } from "./codec.ts";
import type { Folded } from "./folded.ts";
import type { Json } from "./json.ts";
import { PLAIN } from "./record-reader.ts";
import { errorJson } from "./revive.ts";
import { Undecoded } from "./undecoded.ts";

/** A run. Short names, because a snapshot is read before a run goes on. */
export interface SnapshotForm {
  /** The activations, outermost first. */
  readonly a: readonly ActivationForm[];
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
export type WriteForm = Omit<StateWrite, "value"> & { readonly value?: Json };

/** A signal that no state has taken. */
export type SignalForm = Pick<SentSignal, "name"> & { readonly key?: string; readonly value?: Json };

/** An activation. */
export interface ActivationForm {
  /** The input; absent where it is `undefined`. */
  readonly i?: Json;
  readonly visit: number;
  readonly attempt: number;
  readonly startedAt: number;
  /** Its notes: the name, and the value where it is not `undefined`. */
  readonly n?: readonly (readonly [name: string, value?: Json])[];
  readonly rests?: true;
  /** Absent in the operation. */
  readonly f?: FrameForm;
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
  const [operation] = open.values();
  must(run.ended === undefined && open.size === 1 && rest.halted.length === 0 && rest.held.size === 0);
  const chain: Activation[] = [];
  for (let at = operation; at !== undefined; at = at.parent) chain.unshift(at);
  const [root] = chain;
  must(root === run.root && timers.every(({ purpose }) => purpose === "deadline"));
  const { mailbox, dossiers } = root!.attached ?? {};
  must(mailbox === undefined || mailbox.waiting.every((one) => one === operation));
  const writes = run.values?.kept();
  must(run.values === undefined || writes !== undefined);
  return {
    a: chain.map((at, place) => activationForm(at, chain[place + 1], encode)),
    t: timers.map(({ activation, due, ms }) => [chain.indexOf(activation), due, ms]),
    ...given({
      w: writes?.map(({ value, ...write }) => ({ ...write, ...given({ value: encode(value) }) })),
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

function activationForm(at: Activation, child: Activation | undefined, encode: Encode): ActivationForm {
  const { input, visit, attempt, startedAt, attached } = at;
  must(at.slot === -1 && !at.over && at.aborted === undefined);
  const fields = given({
    i: encode(input),
    n: attached && notesOf(attached, encode),
    rests: attached?.rests === true ? (true as const) : undefined,
    f: child === undefined ? undefined : frameForm(at, child),
  });
  must(child !== undefined || at.frame === undefined);
  if (attached !== undefined) mustBePlain(attached);
  return { ...fields, visit, attempt, startedAt };
}

/** What is not among these has no form. */
function mustBePlain({ writes, drafts, commit, stopped, censuses, branches, circuit }: Attached): void {
  const others = [drafts, commit, censuses, branches, circuit];
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

function frameForm(at: Activation, child: Activation): FrameForm {
  const frame = machineOf(at);
  must(frame !== undefined && frame.child === child);
  const { definition, current, visits, steps, reruns, last, spent, closing, undecided } = frame!;
  const isDeclared = definition.states[current.index] === current && current.runnable === child.runnable;
  must(isDeclared && closing === undefined && undecided === undefined);
  return { visits, steps, at: current.index, reruns, ...given({ last, spent }) };
}

function must(holds: boolean): void {
  if (!holds) throw new Formless();
}

/** What is open in a run, and what its background holds, as plain data: each activation by itself. */

import type { Activation } from "../kernel/activation.ts";
import type { Attached } from "../kernel/attached.ts";
import { hasBackground } from "../kernel/background.ts";
import { type FanFrame, isFan } from "../kernel/fan-frame.ts";
import { type MachineFrame, machineOf } from "../kernel/machine-frame.ts";
import { given } from "../platform/given.ts";
import type { StateKind } from "../words/events.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Codec } from "./codec.ts";
import { type DossiersForm, dossiersForm } from "./dossiers-form.ts";
import { branchOf, type FanForm, fanForm, followerOf } from "./fan-form.ts";
import { must, none } from "./formless.ts";
import { type FrameForm, frameForm } from "./frame-form.ts";
import type { Json } from "./json.ts";
import { PLAIN } from "./record-reader.ts";
import { errorJson } from "./revive.ts";

/** An activation. */
export interface ActivationForm {
  /** The place of the one around it; absent where that is the one before. */
  readonly p?: number;
  /** Its branch in the fan-out around it. */
  readonly s?: number;
  /** What was chosen, where a choice is around it. */
  readonly c?: string;
  /** Of a fan-out in the background of the machine around it: the number of its state. */
  readonly b?: number;
  /** The input; absent where it is `undefined`. */
  readonly i?: Json;
  readonly visit: number;
  readonly attempt: number;
  readonly startedAt: number;
  /** Its notes: the name, and the value where it is not `undefined`. */
  readonly n?: readonly (readonly [name: string, value?: Json])[];
  readonly rests?: true;
  /** What was added to dossiers in a branch, or in the run. */
  readonly d?: DossiersForm;
  /** Of a fan-out: what was added to dossiers in each branch that completed. */
  readonly h?: readonly (readonly [slot: number, added: DossiersForm])[];
  /** Of a machine. */
  readonly f?: FrameForm;
  /** Of a fan-out. */
  readonly g?: FanForm;
}

/** What the forms of one run are made with. */
export interface FormSource {
  readonly root: AnyRunnable;
  readonly codec: Codec;
  readonly encode: (value: unknown) => Json | undefined;
  /** The places in the list of activations. */
  readonly places: ReadonlyMap<Activation, number>;
}

/** An activation as plain data. */
export function activationForm(at: Activation, place: number, source: FormSource): ActivationForm {
  const { parent, input, visit, attempt, startedAt, slot, attached, frame, runnable } = at;
  const { places, encode } = source;
  const around = parent === undefined ? place - 1 : places.get(parent)!;
  const part = parent && partState(parent, at);
  must(at.over === (part !== undefined) && at.aborted === undefined && at.node === runnable.node);
  if (parent !== undefined && part === undefined) mustBeDeclared(parent, at);
  return {
    ...given({
      p: around === place - 1 ? undefined : around,
      s: slot === -1 ? undefined : slot,
      c: parent?.node?.kind === "choose" ? runnable.id : undefined,
      b: part,
      i: encode(input),
      n: attached && notesOf(attached, encode),
      rests: attached?.rests === true ? (true as const) : undefined,
      ...(attached && addedTo(attached, source)),
      ...(frame && insideForm(at, source)),
    }),
    ...{ visit, attempt, startedAt },
  };
}

/** The number of the state of which a fan-out in the background of a machine is; `undefined` for what is no such fan-out. */
function partState({ node, frame: of }: Activation, at: Activation): number | undefined {
  if (!hasBackground(node) || (of as MachineFrame).child === at) return undefined;
  const { states } = (of as MachineFrame).definition;
  return states.find(({ runnable }) => runnable === at.runnable)?.index ?? none();
}

/** How far a composite is. One that has no field is as far as what is open in it. */
function insideForm(at: Activation, { codec, encode }: FormSource): Pick<ActivationForm, "f" | "g"> {
  if (machineOf(at) !== undefined) return { f: frameForm(at, codec) ?? none() };
  if (isFan(at.frame!)) return { g: fanForm(at.frame, encode) ?? none() };
  must(at.frame!.closing === undefined && SIMPLE.has(at.node!.kind));
  return {};
}

/** The composites with one runnable inside, or none. */
const SIMPLE: ReadonlySet<StateKind> = new Set(["choose", "exit", "collect"]);

/** Whether an activation is the one that its definition says is there. */
function mustBeDeclared(parent: Activation, { runnable, slot }: Activation): void {
  if (slot === -1) must((machineOf(parent)?.current.runnable ?? runnable) === runnable);
  else {
    const fan = parent.frame as FanFrame;
    must((fan.following?.slot === slot ? followerOf(fan) : branchOf(fan, slot)) === runnable);
  }
}

/** What was added to dossiers. What else is attached and not among these has no form. */
function addedTo(attached: Attached, { root, encode }: FormSource): Pick<ActivationForm, "d" | "h"> {
  const { writes, drafts, commit, dossiers, branches } = attached;
  must(writes.length === 0 && drafts === undefined && commit === undefined);
  return {
    ...(dossiers && { d: dossiersForm(dossiers, root, encode) ?? none() }),
    ...(branches && {
      h: branches.flatMap((one, slot) =>
        one === undefined ? [] : [[slot, dossiersForm(one, root, encode) ?? none()] as const],
      ),
    }),
  };
}

function notesOf({ notes }: Attached, encode: FormSource["encode"]): ActivationForm["n"] {
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

/** A run as plain data: what is open in it, and what its background holds, as a tree. What is being stopped has no such form. */

import type { Closed } from "../errors/question-closed-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { hasBackground } from "../kernel/background.ts";
import type { CircuitState } from "../kernel/circuit.ts";
import { isFan } from "../kernel/fan-frame.ts";
import type { MachineFrame } from "../kernel/machine-frame.ts";
import type { KeptMailbox, SentSignal } from "../kernel/mailbox.ts";
import type { OpenNode } from "../kernel/node.ts";
import type { KeptValue, StateWrite } from "../kernel/state-values.ts";
import { given } from "../platform/given.ts";
import type { Census } from "../words/census.ts";
import { type ActivationForm, activationForm, type FormSource } from "./activation-form.ts";
import type { Codec } from "./codec.ts";
import type { Folded } from "./folded.ts";
import { Formless, must, none } from "./formless.ts";
import type { Json } from "./json.ts";
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
  /** The places of the fan-outs in `a` that are halted, and of the operations in them that are not to begin. */
  readonly h?: readonly number[];
  readonly k?: readonly number[];
  /** The circuit, with its last choice as a codec makes it. */
  readonly r?: Omit<CircuitState, "chosen"> & { readonly chosen?: Json };
  /** The fan-outs that lost branches. */
  readonly c?: readonly Census[];
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

/** A run as plain data; `undefined` where it has no such form. */
export function snapshotForm(folded: Folded, { encode, decode }: Codec): SnapshotForm | undefined {
  const codec: Codec = {
    decode,
    encode: (value, what) => {
      if (value instanceof Undecoded) throw new Formless();
      return encode(value, what);
    },
  };
  try {
    return formOf(folded, codec);
  } catch {
    // A value that cannot be kept is named where it is kept for good.
    return undefined;
  }
}

function formOf({ run, open, timers, ...rest }: Folded, codec: Codec): SnapshotForm {
  must(run.ended === undefined);
  const all = [...openAt(run.root)];
  const places = new Map(all.map((at, place) => [at, place]));
  const placesOf = (some: Iterable<Activation>): readonly number[] | undefined => {
    const found = [...some].map((one) => places.get(one) ?? none());
    return found.length === 0 ? undefined : found;
  };
  const order = placesOf(open.values()) ?? none();
  must(timers.every(({ purpose, activation }) => purpose === "deadline" && places.has(activation)));
  must(order.length === all.filter(({ frame }) => frame === undefined).length);
  must(rest.halted.length === all.filter(isHaltedFan).length);
  const { mailbox, circuit, censuses: c } = run.root.attached ?? {};
  must(mailbox === undefined || mailbox.waiting.every((one) => open.get(one.path) === one));
  const kept = run.values?.kept();
  must(run.values === undefined || kept !== undefined);
  const encode = (value: unknown): Json | undefined => codec.encode(value, "a value of a snapshot");
  const source: FormSource = { root: run.root.runnable.source, codec, encode, places };
  return {
    a: all.map((at, place) => activationForm(at, place, source)),
    t: timers.map(({ activation, due, ms }) => [places.get(activation)!, due, ms]),
    ...given({
      o: order.length === 1 ? undefined : order,
      w: kept?.flatMap((one) => writeForms(one, source)),
      m: mailbox && {
        ...mailbox.kept,
        signals: mailbox.kept.signals.map(({ name, key, value }) => ({
          name,
          ...given({ key, value: encode(value) }),
        })),
      },
      h: placesOf(rest.halted),
      k: placesOf([...rest.held].filter(({ over }) => !over)),
      r: circuit && circuitForm(circuit, encode),
      c,
    }),
    q: [...rest.questions.all()],
    y: run.yields,
    e: rest.events,
    l: rest.limit,
  };
}

function circuitForm({ chosen, ...circuit }: CircuitState, encode: FormSource["encode"]): SnapshotForm["r"] {
  return { ...circuit, ...given({ chosen: encode(chosen) }) };
}

function isHaltedFan({ frame }: Activation): boolean {
  return frame !== undefined && isFan(frame) && frame.halted !== undefined;
}

/** All that is open or in a background, each after the one around it. */
function* openAt(at: Activation): Iterable<Activation> {
  yield at;
  for (const child of insideOf(at)) if (child !== undefined) yield* openAt(child);
}

function insideOf(at: Activation): Iterable<Activation | undefined> {
  const { frame, node } = at;
  if (frame === undefined) return [];
  return hasBackground(node)
    ? [(frame as MachineFrame).child, ...node.parts(at).all]
    : (node as OpenNode).within(at);
}

/** The writes of one value. Who wrote it matters for branches beside it alone. */
function writeForms({ writes, writer }: KeptValue, { places, encode }: FormSource): readonly WriteForm[] {
  let b: WriteForm["b"];
  for (let at = writer; b === undefined && at.parent !== undefined; at = at.parent) {
    const place = at.slot === -1 ? undefined : places.get(at.parent);
    if (place !== undefined) b = [place, at.slot, writer.path];
  }
  return writes.map(({ value, ...write }) => ({ ...write, ...given({ value: encode(value), b }) }));
}

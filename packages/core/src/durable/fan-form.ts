/** How far a fan-out is, as plain data. */
import { Activation } from "../kernel/activation.ts";
import { type Compiled, compiled } from "../kernel/compiled.ts";
import type { FanFrame, FanNode, LateResult } from "../kernel/fan-frame.ts";
import { given } from "../platform/given.ts";
import type { Json } from "./json.ts";
import { errorJson, revive } from "./revive.ts";

/** A branch and a value of it; the value is left out where it is `undefined`. */
type SlotValue = readonly [slot: number, value?: Json];

/** How a branch ended in the background. */
type LateForm = readonly [slot: number, error: Json, value?: Json];

/** How far a fan-out is. Its inputs are in its activation, and its open branches are activations of their own. */
export interface FanForm extends Pick<FanFrame, "next" | "done" | "skipped" | "resting" | "rests"> {
  /** The results, in the order they came. */
  readonly r: readonly SlotValue[];
  /** The branches without a result, in the order they ended: the error, or 0 where it was stopped, and 1 where it took a result. */
  readonly x: readonly (readonly [slot: number, error: Json, follows?: 1])[];
  /** The items that were added: their keys, and the items that have not begun, as far as they are not `undefined`. */
  readonly g?: readonly (readonly [key: string, item?: Json])[];
  /** Results that wait for the runnable that takes each of them, and the branch whose result it takes now. */
  readonly u?: readonly SlotValue[];
  readonly f?: number;
  /** What came in the background: the branch, and its error or 0 and its value. A fan-out that has this goes on there. */
  readonly l?: readonly LateForm[];
  /** The error that halted it, and whether it completes with what is there. */
  readonly h?: Json;
  readonly y?: true;
}

/** A fan-out as plain data; `undefined` where it has no such form: while it is stopped, and while it begins again what was lost. */
export function fanForm(frame: FanFrame, encode: (value: unknown) => Json | undefined): FanForm | undefined {
  const { order, results, lost, next, done, skipped, resting, rests } = frame;
  const { closing, left, late, halted, growth, due, following, isPartial } = frame;
  if (closing !== undefined || frame.again.length > 0 || (growth?.coming.size ?? 0) > 0) return undefined;
  const grown = frame.inputs.length - (growth?.keys.size ?? 0);
  const item = (place: number): Json | undefined => (place < next ? undefined : encode(frame.inputs[place]));
  const slotted = (slot: number, value: Json | undefined): SlotValue =>
    value === undefined ? [slot] : [slot, value];
  return {
    ...{ next, done, skipped, resting, rests },
    r: order.map((slot) => slotted(slot, encode(results[slot]))),
    x: lost.map(({ child: { slot, runnable }, error }) => {
      const why = error === undefined ? 0 : errorJson(error);
      return runnable === branchOf(frame, slot) ? [slot, why] : [slot, why, 1];
    }),
    ...given({
      g: growth && [...growth.keys].map((key, at) => keyed(key, item(grown + at))),
      u: due.length === 0 ? undefined : due.map(({ slot, value }) => slotted(slot, encode(value))),
      f: following?.slot,
      l: left && late.map((one) => lateForm(one, encode)),
      h: halted && errorJson(halted),
      y: isPartial ? (true as const) : undefined,
    }),
  };
}

function keyed(key: string, item: Json | undefined): readonly [key: string, item?: Json] {
  return item === undefined ? [key] : [key, item];
}

function lateForm({ slot, ended }: LateResult, encode: (value: unknown) => Json | undefined): LateForm {
  if (ended.kind === "failed") return [slot, errorJson(ended.error)];
  const value = encode(ended.value);
  return value === undefined ? [slot, 0] : [slot, 0, value];
}

/** Makes the progress of a fan-out again, without its open branches. */
export function fanFrameOf(
  fan: Activation,
  { r, x, g, u, f, l, h, y, ...counts }: FanForm,
  decode: (json: Json | undefined) => unknown,
): FanFrame {
  const node = fan.node as FanNode;
  const inputs = node.keys?.map(() => fan.input) ?? (fan.input as readonly unknown[]).slice();
  for (const [, item] of g ?? []) inputs.push(decode(item));
  const frame: FanFrame = {
    ...counts,
    node,
    inputs,
    branches: node.branches.map(compiled),
    results: new Array<unknown>(inputs.length),
    order: [],
    children: new Array<Activation | undefined>(inputs.length),
    active: 0,
    lost: [],
    // What it was completed with has been taken.
    left: l && { kind: "completed", value: undefined },
    late: (l ?? []).map((one) => lateOf(one, decode)),
    due: (u ?? []).map(([slot, json]) => ({ slot, value: decode(json) })),
    // Stands for the activation that is made next.
    following:
      f === undefined ? undefined : new Activation(fan, compiled(node.branches.at(-1)!), undefined, 1, f),
    growth: g && { keys: new Set(g.map(([key]) => key)), coming: new Set() },
    again: [],
    isFilling: false,
    halted: h === undefined ? undefined : revive(h),
    isPartial: y === true,
    closing: undefined,
  };
  for (const [slot, json] of r) {
    frame.results[slot] = decode(json);
    frame.order.push(slot);
  }
  for (const [slot, error, follows] of x) {
    // Nothing goes on with it from here: who tries the run again reads all records.
    const runnable = follows === undefined ? branchOf(frame, slot) : followerOf(frame);
    const child = new Activation(fan, runnable, undefined, 1, slot);
    child.over = true;
    frame.lost.push({ child, error: error === 0 ? undefined : revive(error) });
  }
  return frame;
}

function lateOf([slot, error, value]: LateForm, decode: (json: Json | undefined) => unknown): LateResult {
  if (error !== 0) return { slot, ended: { kind: "failed", error: revive(error) } };
  return { slot, ended: { kind: "completed", value: decode(value) } };
}

/** The runnable of a branch. */
export function branchOf({ node, branches }: FanFrame, slot: number): Compiled {
  return branches[node.keys === undefined ? 0 : slot]!;
}

/** The runnable that takes the results of the others. */
export function followerOf({ branches }: FanFrame): Compiled {
  return branches.at(-1)!;
}

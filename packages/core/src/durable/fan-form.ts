/** How far a fan-out is, as plain data. */
import { Activation } from "../kernel/activation.ts";
import { type Compiled, compiled } from "../kernel/compiled.ts";
import type { FanFrame, FanNode } from "../kernel/fan-frame.ts";
import type { Json } from "./json.ts";
import { errorJson, revive } from "./revive.ts";

/** How far a fan-out is. Its inputs are in its activation, and its open branches are activations of their own. */
export interface FanForm extends Pick<FanFrame, "next" | "done" | "skipped" | "resting" | "rests"> {
  /** The results, in the order they came: the branch, and the value where it is not `undefined`. */
  readonly r: readonly (readonly [slot: number, value?: Json])[];
  /** The branches without a result, in the order they ended, and why; without an error those that were stopped. */
  readonly x: readonly (readonly [slot: number, error?: Json])[];
}

/**
 * A fan-out as plain data; `undefined` where it has no such form: once it has its end, is halted, goes on in the background,
 * grew, or hands on its results as they come.
 */
export function fanForm(frame: FanFrame, encode: (value: unknown) => Json | undefined): FanForm | undefined {
  const { node, order, results, lost, next, done, skipped, resting, rests } = frame;
  const { closing, left, halted, growth, following } = frame;
  const ends = [closing, left, halted, growth, following];
  if (ends.some((one) => one !== undefined) || frame.isPartial || node.follows === true) return undefined;
  if (frame.again.length + frame.late.length + frame.due.length > 0) return undefined;
  return {
    ...{ next, done, skipped, resting, rests },
    r: order.map((slot) => withValue(slot, encode(results[slot]))),
    x: lost.map(({ child, error }) => withValue(child.slot, error && errorJson(error))),
  };
}

/** Makes the progress of a fan-out again, without its open branches. */
export function fanFrameOf(
  fan: Activation,
  { r, x, ...counts }: FanForm,
  decode: (json: Json | undefined) => unknown,
): FanFrame {
  const node = fan.node as FanNode;
  const inputs = node.keys?.map(() => fan.input) ?? (fan.input as readonly unknown[]).slice();
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
    ...{ left: undefined, late: [], due: [], following: undefined, growth: undefined, again: [] },
    ...{ isFilling: false, halted: undefined, isPartial: false, closing: undefined },
  };
  for (const [slot, json] of r) {
    frame.results[slot] = decode(json);
    frame.order.push(slot);
  }
  for (const [slot, json] of x) {
    // Nothing goes on with it from here: who tries the run again reads all records.
    const child = new Activation(fan, branchOf(frame, slot), undefined, 1, slot);
    child.over = true;
    frame.lost.push({ child, error: json === undefined ? undefined : revive(json) });
  }
  return frame;
}

/** The runnable of a branch. */
export function branchOf({ node, branches }: FanFrame, slot: number): Compiled {
  return branches[node.keys === undefined ? 0 : slot]!;
}

function withValue(slot: number, json: Json | undefined): readonly [slot: number, value?: Json] {
  return json === undefined ? [slot] : [slot, json];
}

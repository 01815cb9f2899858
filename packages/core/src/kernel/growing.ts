/** Fan-outs that grow: items are added to them while they run, each once. */
import type { Activation } from "./activation.ts";
import { fill } from "./fan.ts";
import type { FanFrame } from "./fan-frame.ts";
import { leavesOf } from "./leaves.ts";
import { type Completion, end, type RunState, type Sink } from "./transition.ts";

/** An item on its way into a fan-out. */
export interface AddedItem {
  readonly fan: Activation;
  readonly item: unknown;
  /** Items of one key are one item. */
  readonly key: string;
}

/** Whether an item is taken: it is new, and the fan-out has no end yet. */
export function takesItem({ fan, key }: AddedItem): boolean {
  const { closing, left, growth } = fan.frame as FanFrame;
  return closing === undefined && (!fan.over || left !== undefined) && growth?.keys.has(key) !== true;
}

/** Adds an item, and opens what may begin. */
export function grow(run: RunState, added: AddedItem, sink: Sink): void {
  if (!takesItem(added)) return;
  const { fan, item, key } = added;
  const frame = fan.frame as FanFrame;
  frame.growth ??= { keys: new Set(), coming: new Set() };
  frame.growth.keys.add(key);
  frame.growth.coming.delete(key);
  (frame.inputs as unknown[]).push(item);
  frame.results.length += 1;
  frame.children.push(undefined);
  const ended = fill(fan, frame, sink);
  if (ended !== undefined) end(run, fan, ended, sink);
}

/** The completion by which an item was added to the fan-out of this path. Throws where nothing open is inside of one. */
export function addedTo(root: Activation, path: string, item: unknown, key: string): Completion {
  const fan = fanAround(root, path)!;
  return { kind: "add", operation: fan, fan, item, key };
}

/** The fan-out of this path around something open; `undefined` when there is none. */
export function fanAround(root: Activation, path: string): Activation | undefined {
  for (const leaf of leavesOf(root)) {
    for (let at: Activation | undefined = leaf; at !== undefined; at = at.parent)
      if (at.path === path) return at;
  }
  return undefined;
}

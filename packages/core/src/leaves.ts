import type { Activation } from "./activation.ts";

/** The operations that are open inside an activation. */
export function* leavesOf(activation: Activation): Iterable<Activation> {
  const { frame } = activation;
  if (frame === undefined) {
    yield activation;
    return;
  }
  const children = frame.kind === "fan" ? frame.children : [frame.child];
  for (const child of children) if (child !== undefined && !child.over) yield* leavesOf(child);
}

/** The open activation of this path; `undefined` when there is none. */
export function findOpen(activation: Activation, path: string): Activation | undefined {
  if (activation.path === path) return activation;
  const { frame } = activation;
  if (frame === undefined) return undefined;
  const children = frame.kind === "fan" ? frame.children : [frame.child];
  for (const child of children) {
    const found = child === undefined || child.over ? undefined : findOpen(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

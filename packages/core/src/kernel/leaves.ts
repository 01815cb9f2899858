import type { Activation } from "./activation.ts";

/** What is open right inside a composite. */
export function* childrenOf(frame: NonNullable<Activation["frame"]>): Iterable<Activation> {
  const children = frame.kind === "fan" ? frame.children : [frame.child];
  for (const child of children) if (child !== undefined && !child.over) yield child;
}

/** The operations that are open inside an activation. */
export function* leavesOf(activation: Activation): Iterable<Activation> {
  if (activation.frame === undefined) yield activation;
  else for (const child of childrenOf(activation.frame)) yield* leavesOf(child);
}

/** The open activation of this path; `undefined` when there is none. */
export function findOpen(activation: Activation, path: string): Activation | undefined {
  if (activation.path === path) return activation;
  if (activation.frame === undefined) return undefined;
  for (const child of childrenOf(activation.frame)) {
    const found = findOpen(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

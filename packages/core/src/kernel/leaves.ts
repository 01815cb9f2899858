import type { Activation } from "./activation.ts";
import type { OpenNode } from "./node.ts";

/** The open activations directly inside an open composite. */
export function* childrenOf(activation: Activation): Iterable<Activation> {
  const { within } = activation.node as OpenNode;
  for (const child of within(activation)) if (child !== undefined && !child.over) yield child;
}

/** The operations that are open inside an activation. */
export function* leavesOf(activation: Activation): Iterable<Activation> {
  if (activation.frame === undefined) yield activation;
  else for (const child of childrenOf(activation)) yield* leavesOf(child);
}

/** The open activation of this path; `undefined` when there is none. */
export function findOpen(activation: Activation, path: string): Activation | undefined {
  if (activation.path === path) return activation;
  if (activation.frame === undefined) return undefined;
  for (const child of childrenOf(activation)) {
    const found = findOpen(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

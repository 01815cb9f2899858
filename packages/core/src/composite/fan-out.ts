/** What `each`, `all` and `race` have in common: how they go on, what can be wrong with them, how they are drawn. */
import { numberProblems, ONE } from "../definition-problems.ts";
import { continueFan, openFan } from "../fan.ts";
import type { AnyRunnable } from "../fits.ts";
import { given } from "../given.ts";
import { branchOf, type GraphInside } from "../graph/graph.ts";
import { type CompositeSteps, type FanNode, nodeOf } from "./node.ts";

/** The part of a node that every fan-out has. */
export const fanOut: CompositeSteps = {
  open: openFan,
  proceed: continueFan,
  problems: fanProblems,
  inside: insideOfFan,
};

function* fanProblems(self: AnyRunnable): Iterable<string> {
  const { id } = self;
  const node = nodeOf(self) as FanNode;
  for (const key of node.kind === "each" ? [] : node.keys) {
    if (key !== "" && !/[/#[\]]/.test(key)) continue;
    yield `"${key}" cannot be the name of a branch of "${id}": use one without "/", "#", "[" and "]".`;
  }
  yield* numberProblems(` of "${id}"`, ONE, { concurrency: node.concurrency });
  if (node.kind !== "race") return;
  const { first = 1, branches } = node;
  if (first >= 1 && first <= branches.length) return;
  yield `The race "${id}" waits for ${first} of ${branches.length} branches: it has to be 1 or more, and no more than there are.`;
}

function insideOfFan(self: AnyRunnable): Omit<GraphInside, "kind"> {
  const node = nodeOf(self) as FanNode;
  if (node.kind === "race") {
    const branches = node.branches.map((branch, slot) => branchOf(node.keys[slot]!, branch, false));
    return { ...given({ first: node.first }), branches };
  }
  const settled = node.settled ? true : undefined;
  const branches =
    node.kind === "each"
      ? [branchOf(node.branch.id, node.branch, false)]
      : node.branches.map((branch, slot) =>
          branchOf(node.keys[slot]!, branch, node.when[slot] !== undefined),
        );
  return { ...given({ settled } as const), branches };
}

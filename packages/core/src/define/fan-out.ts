/** What `each`, `all` and `race` have in common: how they go on, what can be wrong with them, how they are drawn. */

import { continueFan, openFan } from "../kernel/fan.ts";
import { type CompositeSteps, type FanNode, nodeOf } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import type { GraphInside } from "../words/graph.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { numberProblems, ONE } from "./definition-problems.ts";
import { branchOf } from "./graph-of.ts";

/** The part of a node that every fan-out has. */
export const fanOut: CompositeSteps = {
  open: openFan,
  proceed: continueFan,
  problems: fanProblems,
  width: widthOf,
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

function widthOf(self: AnyRunnable, input: unknown): number | undefined {
  const node = nodeOf(self) as FanNode;
  if (node.kind !== "each") return node.keys.length;
  return Array.isArray(input) ? input.length : undefined;
}

function insideOfFan(self: AnyRunnable): Omit<GraphInside, "kind"> {
  const node = nodeOf(self) as FanNode;
  const branches = node.branches.map((branch, slot) =>
    branchOf(
      node.kind === "each" ? branch.id : node.keys[slot]!,
      branch,
      node.kind === "all" && node.when[slot] !== undefined,
    ),
  );
  const told = node.kind === "race" ? { first: node.first } : { settled: node.settled || undefined };
  return { ...given(told), branches } as Omit<GraphInside, "kind">;
}

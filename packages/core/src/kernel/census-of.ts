import type { Census } from "../words/census.ts";
import type { Activation } from "./activation.ts";
import { type FanFrame, isFan } from "./fan-frame.ts";
import { childrenOf, leavesOf } from "./leaves.ts";

/** How many paths of each kind a census lists. */
const LISTED = 20;

/** Counts the branches of a fan-out. */
export function censusOf({ path, frame }: Activation): Census {
  const { node, branches, inputs, lost, children, due, next, done, skipped } = frame as FanFrame;
  const failures = lost.filter(({ error }) => error !== undefined);
  const openPaths: string[] = [];
  const isFull = (): boolean => openPaths.length === LISTED;
  for (const { child, error } of lost) if (error === undefined && !isFull()) openPaths.push(child.path);
  for (const child of children) if (child !== undefined && !isFull()) openPaths.push(child.path);
  for (const { slot } of due)
    if (!isFull()) openPaths.push(`${path}[${node.keys?.[slot] ?? slot}]/${branches.at(-1)!.id}#1`);
  for (let slot = next; slot < inputs.length && !isFull(); slot++) {
    const { id } = branches[node.keys === undefined ? 0 : slot]!;
    openPaths.push(`${path}[${node.keys?.[slot] ?? slot}]/${id}#1`);
  }
  return {
    path,
    done,
    failed: failures.length,
    open: inputs.length - skipped - done - failures.length,
    failedPaths: failures.slice(0, LISTED).map(({ child }) => child.path),
    openPaths,
  };
}

/** Counts the branches of all open fan-outs of a run. A branch with a terminal error that is held counts as failed. */
export function runCensus(root: Activation): Census {
  const all = [...fansIn(root)].map(censusOf);
  const sum = (key: "done" | "failed" | "open"): number =>
    all.reduce((total, census) => total + census[key], 0);
  const held = [...leavesOf(root)].filter((leaf) => leaf.attached?.notes.has("held") === true);
  const failedPaths = [...all.flatMap((census) => census.failedPaths), ...held.map(({ path }) => path)];
  const openPaths = all.flatMap((census) => census.openPaths).filter((path) => !failedPaths.includes(path));
  return {
    path: root.path,
    done: sum("done"),
    failed: sum("failed") + held.length,
    open: Math.max(0, sum("open") - held.length),
    failedPaths: failedPaths.slice(0, LISTED),
    openPaths: openPaths.slice(0, LISTED),
  };
}

function* fansIn(activation: Activation): Iterable<Activation> {
  const { frame } = activation;
  if (frame === undefined) return;
  if (isFan(frame)) yield activation;
  for (const child of childrenOf(activation)) yield* fansIn(child);
}

/** Keeps the census of a fan-out with dead branches, so that the end of the run tells of it. */
export function keepCensus(fan: Activation): void {
  let root = fan;
  while (root.parent !== undefined) root = root.parent;
  const attached = root.attach();
  attached.censuses = [...(attached.censuses ?? []), censusOf(fan)].slice(-LISTED);
}

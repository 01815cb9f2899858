import { FatalError } from "../errors/fatal-error.ts";
import { type Compiled, compiled } from "../kernel/compiled.ts";
import type { StateRecord } from "../kernel/definition.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import type { CompositeNode } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";

/** A runnable inside a composite, and the rest of the path that led to it. */
interface Step {
  readonly runnable: Compiled;
  readonly rest: string;
}

/**
 * Finds the runnable of an activation by its path, without a run: for a process that performs an attempt and has only
 * the definition. `chosen` has what makes runnables on the way: the inputs of `choose`s, and the data of made states.
 *
 * @throws FatalError when the definition has no such place.
 */
export function findRunnable(root: AnyRunnable, path: string, chosen: readonly unknown[]): Compiled {
  const inputs = chosen[Symbol.iterator]();
  let at: Step = { runnable: compiled(root), rest: path.slice(root.id.length) };
  while (at.rest !== "") {
    const { runnable, rest } = at;
    const next = runnable.node && stepInto(runnable.node, rest, inputs);
    if (next === undefined) {
      const fix = "Perform the operation with the orchestration that asked for it.";
      throw new FatalError(`"${root.id}" has no activation "${path}".`, { fix });
    }
    at = next;
  }
  return at.runnable;
}

function stepInto(node: CompositeNode, path: string, inputs: Iterator<unknown>): Step | undefined {
  const { factory, branches, keys } = node;
  if (factory !== undefined) {
    const name = /^\/([^#]*)#/.exec(path)?.[1] ?? "";
    return firstAt("", [factory(inputs.next().value, name)], path);
  }
  if (branches === undefined) {
    const states = statesOf(node);
    const found = firstAt(
      "",
      states.map(({ runnable }) => runnable),
      path,
    );
    const state = states.find(({ runnable }) => runnable === found?.runnable);
    if (state?.maker === undefined) return found;
    const { runnable } = state.maker.again(state, { data: inputs.next().value });
    return { runnable, rest: found!.rest };
  }
  if (keys === undefined) return firstAt(/^\[\d+\]/.exec(path)?.[0] ?? "", branches.map(compiled), path);
  for (const [slot, key] of keys.entries()) {
    const found = firstAt(`[${key}]`, [compiled(branches[slot]!)], path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function statesOf(node: CompositeNode): readonly StateRecord[] {
  return (node as Partial<MachineNode>).definition?.states ?? [];
}

/** The first of these that the path leads to, after a branch. */
function firstAt(branch: string, runnables: readonly Compiled[], path: string): Step | undefined {
  for (const runnable of runnables) {
    const start = `${branch}/${runnable.id}#`;
    if (!path.startsWith(start)) continue;
    const rest = path.slice(start.length).replace(/^\d+/, "");
    if (rest === "" || rest.startsWith("/") || rest.startsWith("[")) return { runnable, rest };
  }
  return undefined;
}

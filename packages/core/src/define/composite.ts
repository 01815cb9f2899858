import { type CompositeNode, withNode } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import { runAlone } from "../run/run-alone.ts";
import type { RunContext } from "../words/context.ts";
import type { Rerun, Runnable } from "../words/runnable.ts";

/** How often a composite may be entered. */
export interface CompositeOptions {
  /** How often it may be entered in one execution of its orchestration. Default: no limit but `maxSteps`. */
  readonly maxVisits?: number | undefined;
  /** Enters it again with the same input when no advancer takes its output. */
  readonly rerun?: Rerun | undefined;
}

/** Makes a frozen runnable around a node; its `invoke` is used when the runnable is called by hand. */
export function composite<TInput, TOutput>(
  id: string,
  { maxVisits, rerun }: CompositeOptions,
  node: CompositeNode,
): Runnable<TInput, TOutput> {
  const self: Runnable<TInput, TOutput> = {
    id,
    ...given({ maxVisits, rerun }),
    invoke: (input: TInput, ctx: RunContext) => runAlone(self, input, ctx),
  };
  return Object.freeze(withNode(self, node));
}

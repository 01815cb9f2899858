/** The small door's orchestration: the same definition and the same machine, with fewer things around them. */

import { shortErrors } from "../errors/short-errors.ts";
import { type Compiled, readAs } from "../kernel/compiled.ts";
import type { Definition } from "../kernel/definition.ts";
import { continueMachine, openMachine } from "../kernel/machine.ts";
import type { MachineFrame, MachineNode } from "../kernel/machine-frame.ts";
import { withNode } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import { clockOf } from "../run/by-hand.ts";
import { type SmallRunOptions, smallRun } from "../run/small-run.ts";
import type { RunContext } from "../words/context.ts";
import type { Graph } from "../words/graph.ts";
import type { Limits } from "../words/limits.ts";
import type { Rerun, Runnable } from "../words/runnable.ts";
import { type Define, draftOf } from "./builder.ts";
import { compile } from "./compile.ts";
import type { CompositeOptions } from "./composite.ts";
import { graphOf } from "./graph-of.ts";
import { smallProblems } from "./small-problems.ts";

/** Limits of an orchestration of the small door. */
export interface SmallOrchestrationOptions extends Omit<Limits, "budget">, CompositeOptions {}

/**
 * A state machine from `TInput` to `TOutput`, for programs that count bytes: it can be run, nested and drawn, and is neither
 * heard nor kept. It has no questions, budgets, limits of concurrency, hosts and `start`.
 *
 * @throws InvalidDefinitionError (`ORCH_INVALID_DEFINITION`) for a definition that no run could begin with. What else may be
 *   wrong with it only the orchestration of `@orch/core` finds.
 */
export class SmallOrchestration<in TInput, out TOutput> implements Runnable<TInput, TOutput> {
  readonly id: string;
  readonly maxVisits?: number;
  readonly rerun?: Rerun;
  readonly invoke: (input: TInput, ctx: RunContext) => Promise<TOutput>;
  readonly #definition: Definition;
  readonly #compiled: Compiled;

  constructor(id: string, define: Define<TInput, TOutput>, options: SmallOrchestrationOptions = {}) {
    const { maxVisits, rerun, maxSteps, deadline, ...others } = options;
    this.id = id;
    if (maxVisits !== undefined) this.maxVisits = maxVisits;
    if (rerun !== undefined) this.rerun = rerun;
    this.#definition = compile(draftOf(id, define, given({ maxSteps, deadline })), {
      read: (runnable, lends) => readAs(runnable, shortErrors, lends || runnable.rerun !== undefined),
      problems: (draft, runnables) => smallProblems(draft, runnables, others),
    });
    this.invoke = (input, ctx) => {
      const { signal, random } = ctx;
      return this.run(input, { signal, random, ...given({ clock: clockOf(ctx) }) });
    };
    const node: MachineNode = {
      kind: "orchestration",
      definition: this.#definition,
      open: openMachine,
      proceed: continueMachine,
      within: ({ frame }) => [(frame as MachineFrame).child],
      inside: () => ({ graph: this.graph }),
    };
    this.#compiled = readAs(withNode(this, node), shortErrors, false);
  }

  /** States and edges as plain data; `@orch/core/draw` draws it. */
  get graph(): Graph {
    return graphOf(this.#definition);
  }

  /**
   * Runs to the end and gives the output.
   *
   * @throws RunnableError, NoAdvanceError, MaxStepsError, CancelledError and the others of `docs/errors.md`.
   */
  run(input: TInput, options: SmallRunOptions = {}): Promise<TOutput> {
    return smallRun(this.#compiled, input, options);
  }
}

/**
 * Makes an orchestration of the small door from a function that says what it is made of.
 *
 * @throws InvalidDefinitionError (`ORCH_INVALID_DEFINITION`) for a definition that no run could begin with.
 *
 * @example
 * ```ts
 * import { orchestration, runnable } from "@orch/core/small";
 *
 * const flow = orchestration("flow", (o) => o.start(read).advance(read, count).finish(count));
 * console.log(await flow.run("to be or not to be"));
 * ```
 */
export function smallOrchestration<TInput = never, TOutput = unknown>(
  id: string,
  define: Define<TInput, TOutput>,
  options: SmallOrchestrationOptions = {},
): SmallOrchestration<TInput, TOutput> {
  return new SmallOrchestration(id, define, options);
}

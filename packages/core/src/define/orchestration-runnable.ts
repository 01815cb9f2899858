import type { Maker } from "../kernel/definition.ts";
import type { RunContext } from "../words/context.ts";
import type { RetryPolicy } from "../words/retry.ts";
import type { AnyRunnable, Rerun, Runnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import { makerOf } from "./made-state.ts";

/**
 * A runnable as a class, for states that hold things or that others subclass.
 *
 * It needs an id, as every runnable does: paths, journals and drawings name the state by it, and a class has no name of its
 * own once its code is minified. Without one the orchestration is refused (`ORCH_INVALID_DEFINITION`).
 *
 * With `static readonly id` in the place of `id`, the class itself may be a target of an advancer, which then makes the state
 * on the way: see {@link RunnableClass}.
 *
 * @example
 * ```ts
 * class Planning extends OrchestrationRunnable<string, Plan> {
 *   override readonly id = "planning";
 *   override invoke(topic: string) { return this.planner.plan(topic); }
 * }
 * ```
 */
export abstract class OrchestrationRunnable<TInput, TOutput> implements Runnable<TInput, TOutput> {
  readonly id: string;
  readonly input?: Schema<TInput> | undefined;
  readonly output?: Schema<TOutput> | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly timeout?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly maxVisits?: number | undefined;
  readonly rerun?: Rerun | undefined;

  /** @param id the id, where the class does not have one as a property. */
  constructor(id?: string) {
    this.id = id ?? (new.target as { readonly id?: string }).id ?? "";
  }

  /** For the engine, to which the class may stand for the states that are made of it. */
  static get blueprint(): unknown {
    // biome-ignore lint/complexity/noThisInStatic: the class that is a target is a subclass.
    return classMaker(this as unknown as new (data: never) => AnyRunnable);
  }

  abstract invoke(input: TInput, ctx: RunContext): TOutput | Promise<TOutput>;
}

/** The fields of a state that say how it is executed. Whoever makes it again makes them again. */
const HOW = ["id", "invoke", "input", "output", "retry", "timeout", "concurrency", "maxVisits", "rerun"];

/** Makes states of a class. Its own fields are the data of a state. */
function classMaker(type: new (data: never) => AnyRunnable): Maker {
  return makerOf({
    read: (given) => {
      if ((given as object | undefined)?.constructor !== type) return undefined;
      const own = Object.entries(given as object).filter(
        ([key, value]) => !HOW.includes(key) && value !== undefined,
      );
      return { data: Object.fromEntries(own), runnable: given as AnyRunnable };
    },
    make: (data) => new type(data as never),
  });
}

import { continueChoose, openChoose } from "../kernel/choose.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import { type CompositeOptions, composite } from "./composite.ts";

/**
 * Makes a state while the run is under way: `factory` looks at the input and gives the runnable that
 * takes it, made for this input or picked from several.
 *
 * The factory is a pure function of its input, because a resumed run calls it again and has to get
 * the same runnable.
 *
 * @example
 * ```ts
 * const workflow = choose("workflow", (task: Task) => task.kind === "code" ? coding(task.language) : writing);
 * ```
 */
export function choose<TInput, TOutput>(
  id: string,
  factory: (input: TInput) => Runnable<TInput, TOutput>,
  options: CompositeOptions = {},
): Runnable<TInput, TOutput> {
  return composite(id, options, {
    kind: "choose",
    open: openChoose,
    proceed: continueChoose,
    factory: factory as (input: unknown) => AnyRunnable,
  });
}

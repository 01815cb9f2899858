import type { AnyRunnable } from "../words/runnable.ts";
import { Activation } from "./activation.ts";
import { type Compiled, compiled } from "./compiled.ts";
import type { RunState } from "./transition.ts";

/** A run that has not begun. */
export function newRun(runnable: AnyRunnable, input: unknown): RunState {
  return runOf(compiled(runnable), input);
}

/** A run that has not begun, of a runnable that was read. */
export function runOf(runnable: Compiled, input: unknown): RunState {
  const root = new Activation(undefined, runnable, input);
  return { root, ended: undefined, values: undefined, yields: true };
}

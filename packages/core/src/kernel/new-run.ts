import type { AnyRunnable } from "../words/runnable.ts";
import { Activation } from "./activation.ts";
import { compiled } from "./compiled.ts";
import type { RunState } from "./transition.ts";

/** A run that has not begun. */
export function newRun(runnable: AnyRunnable, input: unknown): RunState {
  const root = new Activation(undefined, compiled(runnable), input);
  return { root, ended: undefined, values: undefined, yields: true };
}

import { newRun } from "../kernel/new-run.ts";
import type { RunState } from "../kernel/transition.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type Codec, keptValue } from "./codec.ts";

/** The state of a run before its first step, with its input as a resumed run will read it. */
export function freshRun(runnable: AnyRunnable, input: unknown, codec: Codec): RunState {
  return newRun(runnable, keptInput(input, codec));
}

/** An input that cannot be kept is refused when the run begins. */
function keptInput(input: unknown, codec: Codec): unknown {
  try {
    return keptValue(codec, input, "the input");
  } catch {
    return input;
  }
}

import { newRun } from "../kernel/new-run.ts";
import type { RunState } from "../kernel/transition.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type Codec, keptValue } from "./codec.ts";
import type { NewRun } from "./journal-store.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** The state of a run before its first step, with its input as a resumed run will read it. */
export function freshRun(runnable: AnyRunnable, input: unknown, codec: Codec): RunState {
  return newRun(runnable, keptInput(input, codec));
}

/** What a store is told of a new run. */
export function newRunOf(orchestration: AnyOrchestration, runId: string, createdAt: number): NewRun {
  return { runId, orchestration: orchestration.id, ...versionOf(orchestration), createdAt };
}

/** An input that cannot be kept is refused when the run begins. */
function keptInput(input: unknown, codec: Codec): unknown {
  try {
    return keptValue(codec, input, "the input");
  } catch {
    return input;
  }
}

import { isOrchError, type OrchError } from "../errors/orch-error.ts";
import type { FailedRunnable } from "../errors/runnable-error.ts";
import type { Activation } from "./activation.ts";
import type { FanNode } from "./fan-frame.ts";
import { machineOf } from "./machine-frame.ts";

/** The error that an activation fails with, because of what its runnable threw. */
export function failureOf(activation: Activation, cause: unknown): OrchError<"ORCH_RUNNABLE_FAILED"> {
  const { runnable, path, visit, attempt, input } = activation;
  const facts = { runnable: runnable.id, path, visit, attempt, input };
  // A composite can have no retry policy.
  const attempts = runnable.node === undefined ? (runnable.retry?.attempts ?? 1) : undefined;
  return runnable.errors.failed(facts, cause, { attempts, taken: takenAround(activation) });
}

/** The failure of an activation, as it comes back from a decision that was kept: with the input, which is not kept there. */
export function failureAgain(activation: Activation, kept: Error): Error {
  if (!isOrchError(kept, "ORCH_RUNNABLE_FAILED") || kept.facts.path !== activation.path) return kept;
  return failureOf(activation, kept.cause);
}

function takenAround({ parent }: Activation): FailedRunnable["taken"] {
  const machine = machineOf(parent);
  if (machine !== undefined) {
    return machine.current.catches.length === 0 ? "by an edge" : "by an edge that holds";
  }
  const node = parent?.node;
  // Of a settled fan-out it is a result already.
  if (node?.kind !== "each" && node?.kind !== "all") return undefined;
  return (node as FanNode).settled === true ? undefined : "as a result";
}

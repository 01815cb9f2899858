import { RunnableError } from "../errors/runnable-error.ts";
import type { Activation } from "./activation.ts";

/** The error that an activation fails with, because of what its runnable threw. */
export function failureOf(activation: Activation, cause: unknown): RunnableError {
  const { runnable, path, visit, attempt, input } = activation;
  return new RunnableError({ runnable: runnable.id, path, visit, attempt, input }, cause);
}

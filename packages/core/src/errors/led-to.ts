import { fieldOf } from "../platform/field-of.ts";
import { isOrchError } from "./orch-error.ts";

/** An error that came up while `failure` was handled keeps it, as its cause where it has no other. */
export function ledTo(error: Error, failure: Error): Error {
  if (error === failure || !isOrchError(error) || fieldOf(error, "cause") !== undefined) return error;
  // Like the cause that a constructor is given, it is not enumerable.
  Object.defineProperty(error, "cause", { value: failure, configurable: true, writable: true });
  return error;
}

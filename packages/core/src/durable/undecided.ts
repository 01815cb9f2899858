import { isOrchError } from "../errors/orch-error.ts";

/**
 * Codes of errors by which a process stops driving a run, or did not come to drive it because there was one of its id: who drives
 * it next decides what was asked of it.
 */
const CODES: ReadonlySet<string> = new Set([
  "ORCH_SUSPENDED",
  "ORCH_FENCED",
  "ORCH_NOT_WRITTEN",
  "ORCH_RUN_EXISTS",
]);

/** Whether a process stopped driving a run before it decided about a request. */
export function isUndecided(error: unknown): boolean {
  return isOrchError(error) && CODES.has(error.code);
}

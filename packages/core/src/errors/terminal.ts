import { fieldOf } from "../platform/field-of.ts";

/** Errors of ours that no attempt can change either, but that say nothing about other work, or wrap the error that does. */
const ALONE: ReadonlySet<unknown> = new Set([
  "ORCH_CANCELLED",
  "ORCH_DEADLINE",
  "ORCH_HALTED",
  "ORCH_INVALID_INPUT",
  "ORCH_NOT_SERIALIZABLE",
  "ORCH_RACE_LOST",
  "ORCH_RUNNABLE_FAILED",
  "ORCH_STATE_CONFLICT",
  "ORCH_SUSPENDED",
  "ORCH_UNATTENDED",
]);

/** How many causes are looked at. A chain of causes may be a circle. */
const DEEPEST = 16;

/**
 * Whether the failure of a branch of the fan-out at `fan` is terminal: no further attempt can change it, and the other
 * branches will meet it too. It is, when the error or one of its causes says `retryable: false`; an error that concerns
 * its own branch alone says `terminal: false`. The outermost that says something decides.
 */
export function isTerminal(error: unknown, fan: string): boolean {
  let at: unknown = error;
  for (let depth = 0; at !== undefined && depth < DEEPEST; depth++) {
    const said = fieldOf(at, "terminal");
    if (typeof said === "boolean") return said;
    const retryable = fieldOf(at, "retryable");
    if (retryable === true) return false;
    if (retryable === false && !isAlone(at, fan)) return true;
    at = fieldOf(at, "cause");
  }
  return false;
}

/** The budget of a machine inside of one branch is spent for that branch alone. */
function isAlone(error: unknown, fan: string): boolean {
  const code = fieldOf(error, "code");
  if (code !== "ORCH_BUDGET") return ALONE.has(code);
  return String(fieldOf(fieldOf(error, "facts"), "path")).startsWith(`${fan}[`);
}

/** An error as one sentence with its way out. */
import { isOrchError } from "@orch/core";
import { safeText } from "../terminal/safe-text.ts";

/** The sentence for a person: what happened first of all, and what to do about it. */
export function errorSentence(error: unknown): string {
  const root = rootOf(error);
  if (isOrchError(root)) {
    const [says = ""] = root.message.split("\n  Fix: ");
    return `${safeText(says.replace(/\s+/g, " "))} ${safeText(root.fix)}`;
  }
  return safeText((root instanceof Error ? root.message : String(root)).split("\n")[0]!);
}

/** A code for programs. */
export function errorCode(error: unknown): string {
  const root = rootOf(error);
  return isOrchError(root) ? root.code : isOrchError(error) ? error.code : "ORCH_BUG";
}

/** "A state failed" says less than what failed in it. */
function rootOf(error: unknown): unknown {
  let at = error;
  while (isOrchError(at) && WRAPPERS.has(at.code) && at.cause !== undefined) at = at.cause;
  return at;
}

const WRAPPERS: ReadonlySet<string> = new Set(["ORCH_RUNNABLE_FAILED", "ORCH_TURN_FAILED"]);

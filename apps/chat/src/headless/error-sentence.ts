/** An error as one line, as the screen says it in two. */
import { isOrchError } from "@orch/core";
import { failureWords, rootOf } from "../errors/failure-words.ts";
import { safe, safeText } from "../terminal/safe-text.ts";

/** What failed and its remedy, on one line; problems that are listed keep a line each. */
export function errorSentence(error: unknown): string {
  const { says, fix } = failureWords(error);
  // Each is cleaned by itself: a sequence of others that does not end takes nothing of the remedy with it.
  if (fix === undefined) return safeText(says);
  return safe`${safeText(says)}${says.includes("\n") ? safe`\n` : safe` `}${safeText(fix)}`;
}

/** A code for programs. */
export function errorCode(error: unknown): string {
  const { root } = rootOf(error);
  return isOrchError(root) ? root.code : isOrchError(error) ? error.code : "ORCH_BUG";
}

/** An error as one sentence with its way out. */
import { isOrchError } from "@orch/core";
import { messageOf } from "@orch/core/doors";
import { safeText } from "../terminal/safe-text.ts";

/** The innermost cause and its remedy, on one line; problems that are listed keep a line each. */
export function errorSentence(error: unknown): string {
  const root = rootOf(error);
  if (!isOrchError(root)) return safeText(messageOf(root));
  const stopped = isOrchError(root, "ORCH_AGENT_STOPPED") ? root.facts : undefined;
  const fix = WAYS_OUT[stopped?.failure?.kind ?? stopped?.stopReason ?? ""] ?? root.fix;
  const says = stopped?.failure?.message ?? root.says;
  if (LISTS.has(root.code)) return `${safeText(root.says)}\n${safeText(fix)}`;
  return `${safeText(ended(says))} ${safeText(fix)}`;
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

/** Errors whose problems are lines with a place, which editors and terminals take for links. */
const LISTS: ReadonlySet<string> = new Set(["ORCH_ORCHESTRATION_FILE", "ORCH_INVALID_DEFINITION"]);

const WRAPPERS: ReadonlySet<string> = new Set(["ORCH_RUNNABLE_FAILED", "ORCH_TURN_FAILED"]);

const CONNECTION = "Check the network and the provider's baseURL, or choose another model by --model.";
const LATER = "Try again later, or choose another model by --model.";
const WAYS_OUT: { readonly [kind: string]: string } = {
  auth: "Check the key in the environment, or choose another model by --model.",
  network: CONNECTION,
  timeout: CONNECTION,
  protocol: CONNECTION,
  "rate-limit": LATER,
  overloaded: LATER,
  server: LATER,
  quota: "Check the account's plan, or choose another model by --model.",
  "bad-request": "Check the provider's baseURL and the model's name, or choose another model by --model.",
  "not-found": "Check the model's name, or choose another model by --model.",
  "context-length": "Ask for less at once, begin a new session, or choose a model with more room by --model.",
  "max-turns": "Raise limits.maxTurns in the configuration, or ask for less at once.",
  loop: "Ask in other words, or choose another model by --model.",
  "invalid-output": "Ask again, or choose another model by --model.",
  refusal: "Ask in other words, or choose another model by --model.",
  length: "Ask for less at once, or choose another model by --model.",
};

function ended(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

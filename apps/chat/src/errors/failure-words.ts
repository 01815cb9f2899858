/** A failure in words for who uses the program: the same on the screen, on standard error and in what is kept. */
import type { ModelFailure, StopReason } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { messageOf } from "@orch/core/doors";

/** What happened, and the way out where there is one. Nothing in them is cleaned for a terminal. */
export interface FailureWords {
  readonly says: string;
  readonly fix?: string;
}

/**
 * Says what failed: the innermost cause. What somebody's own code threw does not say where, so the state is named with it.
 * `error` was thrown, or is what an event says of it.
 */
export function failureWords(error: unknown): FailureWords {
  const { root, state } = rootOf(error);
  if (isOrchError(root, "ORCH_MISSING_KEY"))
    return { says: root.says, fix: `${root.fix} /connect in the chat asks for a key.` };
  if (isOrchError(root, "ORCH_SESSION_HELD")) return heldWords(root.facts.holder);
  if (isOrchError(root, "ORCH_STORE_DAMAGED")) return { says: root.says, fix: REPAIR };
  if (isOrchError(root, "ORCH_RUN_ENDED"))
    return { says: `The run has ended before as ${root.facts.status}, and its end is final.` };
  const reason = failureReason(root);
  if (isOrchError(root) && LISTS.has(root.code)) return { says: root.says, fix: root.fix };
  const isOwn = [undefined, "ORCH_FATAL"].includes(codeOf(root));
  const says = ended(isOwn && state !== undefined ? `The state "${state}" failed: ${reason}` : reason);
  const fix = WAYS_OUT[kindOf(root) ?? ""] ?? fixOf(root) ?? fixOf(error);
  return { says, ...(fix !== undefined && { fix }) };
}

/** The reason alone, in one line, for a place that names the state itself. */
export function failureReason(error: unknown): string {
  const { root } = rootOf(error);
  const { failure } = stoppedFacts(root);
  return typeof failure?.message === "string" ? failure.message : messageOf(root);
}

/** The innermost error that tells what happened: "a state failed" says less than what failed in it. */
export function rootOf(error: unknown): { readonly root: unknown; readonly state?: string } {
  let root = error;
  let state: string | undefined;
  while (WRAPPERS.has(codeOf(root) ?? "")) {
    const { facts, cause } = root as Coded;
    if (cause === undefined) break;
    if (typeof facts?.["runnable"] === "string") state = facts["runnable"];
    root = cause;
  }
  return { root, ...(state !== undefined && { state }) };
}

/** Errors whose problems are lines with a place, which editors and terminals take for links. */
const LISTS: ReadonlySet<string> = new Set(["ORCH_ORCHESTRATION_FILE", "ORCH_INVALID_DEFINITION"]);

const WRAPPERS: ReadonlySet<string> = new Set(["ORCH_RUNNABLE_FAILED", "ORCH_TURN_FAILED"]);

/** An error of Orch, as it was thrown or as plain data. */
interface Coded {
  readonly code: string;
  readonly facts?: { readonly [key: string]: unknown };
  readonly fix?: string;
  readonly cause?: unknown;
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("ORCH_") ? code : undefined;
}

function fixOf(error: unknown): string | undefined {
  return codeOf(error) === undefined ? undefined : (error as Coded).fix;
}

interface StoppedFacts {
  readonly stopReason?: unknown;
  readonly failure?: { readonly kind?: unknown; readonly message?: unknown };
}

function stoppedFacts(error: unknown): StoppedFacts {
  return codeOf(error) === "ORCH_AGENT_STOPPED" ? ((error as Coded).facts ?? {}) : {};
}

function kindOf(error: unknown): string | undefined {
  const { failure, stopReason } = stoppedFacts(error);
  const kind = failure?.kind ?? stopReason;
  return typeof kind === "string" ? kind : undefined;
}

/** The library's way out is for programmers; this one is for who wants to go on. */
function heldWords(holder: string): FailureWords {
  return {
    says: `This conversation is open elsewhere, in ${holder}.`,
    fix: "Close it there first, or go on here with a new one.",
  };
}

const REPAIR =
  "orch sessions repair saves what can be read and keeps the damaged file; orch --no-session works without it.";
const OTHER_MODEL = "choose another model by --model, or by /model in the chat.";
const CONNECTION = `Check the network and the provider's baseURL, or ${OTHER_MODEL}`;
const LATER = `Try again later, or ${OTHER_MODEL}`;
type OtherStop = Exclude<
  StopReason,
  "done" | "error" | "aborted" | "needs-approval" | "needs-results" | "max-handoffs" | "guardrail" | "budget"
>;
/** Every kind of failure has one, so that the screen and standard error say the same. */
const WAYS: { readonly [kind in Exclude<ModelFailure["kind"], "aborted"> | OtherStop]: string } = {
  auth: `Check the key in the environment, give another one by /connect in the chat, or ${OTHER_MODEL}`,
  blocked: `Ask the provider why the account may not use it, or ${OTHER_MODEL}`,
  refused: `Ask in other words, or ${OTHER_MODEL}`,
  network: CONNECTION,
  cut: `Ask again, or ${OTHER_MODEL}`,
  timeout: CONNECTION,
  protocol: CONNECTION,
  "rate-limit": LATER,
  overloaded: LATER,
  server: LATER,
  quota: `Check the account's plan, or ${OTHER_MODEL}`,
  "bad-request": `Check the provider's baseURL and the model's name, or ${OTHER_MODEL}`,
  "not-found": `Check the model's name, or ${OTHER_MODEL}`,
  "context-length":
    "Ask for less at once, begin a new session, or choose a model with more room by --model, or by /model in the chat.",
  "max-turns": "Raise limits.maxTurns in the configuration, or ask for less at once.",
  loop: `Ask in other words, or ${OTHER_MODEL}`,
  "invalid-output": `Ask again, or ${OTHER_MODEL}`,
  refusal: `Ask in other words, or ${OTHER_MODEL}`,
  length: `Ask for less at once, or ${OTHER_MODEL}`,
};

const WAYS_OUT: { readonly [kind: string]: string } = WAYS;

function ended(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

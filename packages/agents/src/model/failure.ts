/** Turns what a provider's SDK throws, or an error event in a stream, into a {@link ModelFailure}. */

import { type HeadersLike, retryAfterMs } from "../platform/retry-after.ts";
import type { ModelFailure } from "../words/model.ts";
import { hintOf, isTerminalFailure, kindOf, mayPass, type RefusalFacts } from "./failure-kind.ts";
import { labelOf, sentenceOf } from "./failure-text.ts";
import { mistaken, mistakeOf } from "./model-mistake.ts";
import { refusalText } from "./refusal-text.ts";

/** What is known of a failure before it is put into words. */
export interface FailureFacts extends RefusalFacts {
  /** Who answered, as shown to people. */
  readonly provider: string;
  readonly headers?: HeadersLike | undefined;
  readonly requestId?: string | undefined;
  /** What the model wrote, where a server shows a call of it that it cannot read. */
  readonly wrote?: string | undefined;
}

/** What `failureOf` needs besides the error. */
export interface FailureContext {
  readonly provider: string;
  /** Milliseconds since the epoch, to read a `Retry-After` date. */
  readonly now: number;
  readonly secrets: readonly string[];
}

/** Classifies a failure that a provider reported and puts it into one sentence without secrets. */
export function providerFailure(facts: FailureFacts, ctx: FailureContext): ModelFailure {
  const kind = kindOf(facts);
  const wait = facts.headers && retryAfterMs(facts.headers, ctx.now);
  const advice = facts.headers?.get("x-should-retry");
  const where = facts.status === undefined ? "reported an error" : `answered ${facts.status}`;
  // The SDKs begin a message that they make up with the status, which stands there already.
  const said = facts.message.startsWith(`${facts.status} `)
    ? facts.message.slice(`${facts.status} `.length)
    : facts.message;
  const sentence = sentenceOf(`${facts.provider} ${where}: ${said}`, ctx.secrets);
  // Providers name the model or the item that they do not have; a server that names none does not know the address.
  const lost = facts.status === 404 && !/model|item|response|file\b/i.test(facts.message);
  const retryable = advice === "true" || (advice !== "false" && mayPass(kind));
  const code = facts.codes?.[0];
  const terminal = retryable ? undefined : isTerminalFailure(kind, facts.message);
  const mistake = mistakeOf(facts, ctx.secrets);
  const told: ModelFailure = {
    ...failure(kind, lost ? `${sentence.replace(/[.]$/, "")}; is the base URL right?` : sentence, retryable),
    ...(terminal !== undefined && { terminal }),
    ...(facts.status !== undefined && { status: facts.status }),
    ...(code !== undefined && { code: labelOf(code, ctx.secrets) }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(facts.requestId && { requestId: labelOf(facts.requestId, ctx.secrets) }),
  };
  return mistake === undefined ? told : mistaken(told, mistake);
}

/** A failure with the way out of its kind. */
function failure(kind: ModelFailure["kind"], message: string, retryable: boolean): ModelFailure {
  const hint = hintOf(kind);
  return { kind, message, retryable, ...(hint !== undefined && { hint }) };
}

/** Turns anything that a call threw into a failure; never throws itself. */
export function failureOf(error: unknown, ctx: FailureContext): ModelFailure {
  const thrown = asRecord(error);
  const body = refusalText(thrown["error"]);
  const status = typeof thrown["status"] === "number" ? thrown["status"] : body.status;
  if (status === undefined && body.message === undefined && body.codes.length === 0) {
    return localFailure(error, ctx);
  }
  const codes = [...body.codes, ...[thrown["code"], thrown["type"]].filter(isText)];
  const message = body.message ?? textOfError(error);
  const headers = isHeaders(thrown["headers"]) ? thrown["headers"] : undefined;
  const requestId = isText(thrown["requestID"]) ? thrown["requestID"] : undefined;
  const { wrote } = body;
  return providerFailure({ provider: ctx.provider, status, codes, message, headers, requestId, wrote }, ctx);
}

/** A failure between us and the provider: the connection, or bytes that make no sense. */
function localFailure(error: unknown, ctx: FailureContext): ModelFailure {
  const text = deepest(error);
  if (error instanceof SyntaxError) {
    return protocolFailure(`${ctx.provider} sent a stream that cannot be read: ${text}`, ctx);
  }
  if (REFUSES_PAGES.test(text)) return refusedPage(ctx);
  const message = sentenceOf(`The connection to ${ctx.provider} failed: ${text}`, ctx.secrets);
  return failure("network", message, true);
}

/** How the SDKs of OpenAI and Anthropic say that they do not work in a page. */
const REFUSES_PAGES = /browser-like environment/;

/** Nothing was sent: the SDK keeps the key out of pages, where whoever opens one could read it. */
function refusedPage({ provider }: FailureContext): ModelFailure {
  const message = `The SDK of ${provider} does not work in a page, where anybody could read the key.`;
  return { ...failure("bad-request", message, false), hint: "Call the model on a server." };
}

/** The provider answered with something that is not its protocol; the same request would fail again. */
export function protocolFailure(message: string, ctx: Pick<FailureContext, "secrets">): ModelFailure {
  return failure("protocol", sentenceOf(message, ctx.secrets), false);
}

/** The message of the innermost cause. It names the reason, like `ECONNREFUSED`. */
function deepest(error: unknown): string {
  let at: unknown = error;
  for (let depth = 0; depth < 8; depth++) {
    const cause = asRecord(at)["cause"];
    if (cause === undefined || cause === null) break;
    at = cause;
  }
  const code = asRecord(at)["code"];
  const text = textOfError(at);
  return isText(code) && !text.includes(code) ? `${text} (${code})` : text;
}

function textOfError(error: unknown): string {
  if (error instanceof Error && error.message !== "") return error.message;
  const { code } = asRecord(error);
  return isText(code) ? code : String(error);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isHeaders(value: unknown): value is HeadersLike {
  return typeof asRecord(value)["get"] === "function";
}

function asRecord(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}

/** Turns what a provider's SDK throws, or an error event in a stream, into a {@link ModelFailure}. */

import { type HeadersLike, retryAfterMs } from "../platform/retry-after.ts";
import type { ModelFailure } from "../words/model.ts";
import { labelOf, sentenceOf } from "./failure-text.ts";

type Kind = ModelFailure["kind"];

/** What is known of a failure before it is put into words. */
export interface FailureFacts {
  /** Who answered, as shown to people. */
  readonly provider: string;
  readonly status?: number | undefined;
  /** The provider's own codes and types, most telling first. */
  readonly codes?: readonly string[];
  readonly message: string;
  readonly headers?: HeadersLike | undefined;
  readonly requestId?: string | undefined;
}

/** What `failureOf` needs besides the error. */
export interface FailureContext {
  readonly provider: string;
  /** Milliseconds since the epoch, to read a `Retry-After` date. */
  readonly now: number;
  readonly secrets: readonly string[];
}

const BY_CODE: { readonly [code: string]: Kind } = {
  insufficient_quota: "quota",
  billing_error: "quota",
  billing_hard_limit_reached: "quota",
  context_length_exceeded: "context-length",
  context_length_error: "context-length",
  exceed_context_size_error: "context-length",
  model_context_window_exceeded: "context-length",
  string_above_max_length: "context-length",
  request_too_large: "context-length",
  rate_limit_exceeded: "rate-limit",
  rate_limit_error: "rate-limit",
  overloaded_error: "overloaded",
  engine_overloaded: "overloaded",
  authentication_error: "auth",
  invalid_api_key: "auth",
  permission_error: "auth",
  not_found_error: "not-found",
  model_not_found: "not-found",
  timeout_error: "timeout",
  vector_store_timeout: "timeout",
  invalid_request_error: "bad-request",
  invalid_prompt: "bad-request",
  api_error: "server",
  server_error: "server",
  internal_server_error: "server",
};

const BY_STATUS: { readonly [status: number]: Kind } = {
  401: "auth",
  402: "quota",
  403: "auth",
  404: "not-found",
  // Of a proxy.
  407: "auth",
  408: "timeout",
  409: "server",
  413: "context-length",
  429: "rate-limit",
  503: "overloaded",
  529: "overloaded",
};

const RETRYABLE: ReadonlySet<Kind> = new Set<Kind>([
  "rate-limit",
  "overloaded",
  "timeout",
  "network",
  "server",
]);

/** How servers say that the input is too long, each in its own words. */
const TOO_LONG = new RegExp(
  [
    "context[ _-](?:length|window|size|limit)",
    "maximum (?:context|prompt|input) length",
    "(?:prompt|input|request|conversation|message)s? (?:is|are) too (?:long|large)",
    "too many (?:input |prompt )?tokens",
    "too large for model",
    "(?:input|prompt|token)s?(?: token)? (?:count|length)\\b.{0,40}exceed",
    "exceed(?:s|ed|ing)?\\b.{0,60}(?:maximum number of tokens|model maximum|max(?:imum)? length|token limit|tokens allowed)",
    "reduce the length of the (?:messages|prompt|input)",
    "context the overflows",
    "context overflow",
    "tokens? \\+ `?max_new_tokens`? must be",
  ].join("|"),
  "i",
);

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
  return {
    kind,
    message: lost ? `${sentence.replace(/[.]$/, "")}; is the base URL right?` : sentence,
    retryable: advice === "true" || (advice !== "false" && RETRYABLE.has(kind)),
    ...(facts.status !== undefined && { status: facts.status }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(facts.requestId && { requestId: labelOf(facts.requestId, ctx.secrets) }),
  };
}

/** Turns anything that a call threw into a failure; never throws itself. */
export function failureOf(error: unknown, ctx: FailureContext): ModelFailure {
  const thrown = asRecord(error);
  const body = asRecord(thrown["error"]);
  // Anthropic's body wraps the error once more; OpenAI's SDK has unwrapped it.
  const inner = "error" in body ? asRecord(body["error"]) : body;
  const numeric = typeof inner["code"] === "number" ? inner["code"] : undefined;
  const status = typeof thrown["status"] === "number" ? thrown["status"] : httpStatus(numeric);
  const codes = [inner["code"], inner["type"], thrown["code"], thrown["type"]].filter(isText);
  if (status !== undefined || "error" in thrown) {
    const known = isText(inner["message"]) || codes.length > 0 || status !== undefined;
    if (known && (status !== undefined || Object.keys(inner).length > 0)) {
      const message = isText(inner["message"]) ? inner["message"] : textOfError(error);
      const headers = isHeaders(thrown["headers"]) ? thrown["headers"] : undefined;
      const requestId = isText(thrown["requestID"]) ? thrown["requestID"] : undefined;
      return providerFailure({ provider: ctx.provider, status, codes, message, headers, requestId }, ctx);
    }
  }
  return localFailure(error, ctx);
}

/** A failure between us and the provider: the connection, or bytes that make no sense. */
function localFailure(error: unknown, ctx: FailureContext): ModelFailure {
  const text = deepest(error);
  if (error instanceof SyntaxError) {
    return protocolFailure(`${ctx.provider} sent a stream that cannot be read: ${text}`, ctx);
  }
  const message = sentenceOf(`The connection to ${ctx.provider} failed: ${text}`, ctx.secrets);
  return { kind: "network", message, retryable: true };
}

/** The provider answered with something that is not its protocol; the same request would fail again. */
export function protocolFailure(message: string, ctx: Pick<FailureContext, "secrets">): ModelFailure {
  return { kind: "protocol", message: sentenceOf(message, ctx.secrets), retryable: false };
}

function kindOf(facts: FailureFacts): Kind {
  const coded = facts.codes?.map((code) => BY_CODE[code]).find((kind) => kind !== undefined);
  const tooLong = TOO_LONG.test(facts.message);
  if (coded !== undefined && coded !== "bad-request" && coded !== "server") return coded;
  const byStatus = facts.status === undefined ? undefined : kindOfStatus(facts.status);
  const kind = byStatus ?? coded ?? "server";
  // Some servers answer 500, as if it were their fault.
  return (kind === "bad-request" || kind === "server") && tooLong ? "context-length" : kind;
}

function kindOfStatus(status: number): Kind {
  return BY_STATUS[status] ?? (status >= 500 ? "server" : "bad-request");
}

function httpStatus(code: number | undefined): number | undefined {
  return code !== undefined && code >= 400 && code < 600 ? code : undefined;
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

/**
 * What a provider's refusal means, in the words of all dialects: one kind for one thing, whoever says it. Statuses alone
 * do not tell: an account without credit is 400 at Anthropic, 402 at DeepSeek, 403 at xAI and 429 at OpenAI.
 *
 * Sources: the error pages of the providers, and refusals as their users reported them; `test/refusals.ts` has them.
 */
import type { ModelFailure } from "../words/model.ts";

type Kind = ModelFailure["kind"];

/** What is known of a refusal before it is put into words. */
export interface RefusalFacts {
  readonly status?: number | undefined;
  /** The provider's own codes and types, most telling first. */
  readonly codes?: readonly string[];
  readonly message: string;
}

/** Codes that mean one thing, in small letters. */
const BY_CODE: { readonly [code: string]: Kind } = {
  insufficient_quota: "quota",
  billing_error: "quota",
  billing_hard_limit_reached: "quota",
  exceeded_current_quota_error: "quota",
  budget_exceeded: "quota",
  insufficient_balance: "quota",
  credit_limit: "quota",
  account_deactivated: "blocked",
  organization_restricted: "blocked",
  access_terminated_error: "blocked",
  unsupported_country_region_territory: "blocked",
  service_disabled: "blocked",
  content_filter: "refused",
  content_policy_violation: "refused",
  image_content_policy_violation: "refused",
  cyber_policy_violation: "refused",
  moderation_blocked: "refused",
  invalid_prompt: "refused",
  responsibleaipolicyviolation: "refused",
  data_inspection_failed: "refused",
  context_length_exceeded: "context-length",
  context_length_error: "context-length",
  exceed_context_size_error: "context-length",
  model_context_window_exceeded: "context-length",
  string_above_max_length: "context-length",
  request_too_large: "context-length",
  model_not_found: "not-found",
  model_not_available: "not-found",
  model_decommissioned: "not-found",
  invalid_model: "not-found",
  deploymentnotfound: "not-found",
  invalid_api_key: "auth",
  api_key_invalid: "auth",
  overloaded_error: "overloaded",
  engine_overloaded: "overloaded",
  engine_overloaded_error: "overloaded",
  capacity_exceeded: "overloaded",
  timeout_error: "timeout",
  vector_store_timeout: "timeout",
};

/** Codes that say little: the words beside them may say more. */
const BY_WIDE_CODE: { readonly [code: string]: Kind } = {
  rate_limit_exceeded: "rate-limit",
  rate_limit_error: "rate-limit",
  rate_limit_reached_error: "rate-limit",
  resource_exhausted: "rate-limit",
  authentication_error: "auth",
  permission_error: "auth",
  not_found_error: "not-found",
  invalid_request_error: "bad-request",
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
  410: "not-found",
  413: "context-length",
  429: "rate-limit",
  498: "overloaded",
  503: "overloaded",
  504: "timeout",
  524: "timeout",
  529: "overloaded",
};

/** How servers say that the input is too long, each in its own words. */
const TOO_LONG = [
  "context[ _-]?(?:length|window|size|limit)",
  "maximum (?:context|prompt|input) length",
  "(?:prompt|input|request|conversation|message)s? (?:is |are )?too (?:long|large)",
  "too many (?:input |prompt )?tokens",
  "too large for model",
  "(?:input|prompt|token)s?(?: token)? (?:count|length)\\b.{0,40}exceed",
  "exceed(?:s|ed|ing)?\\b.{0,60}(?:maximum number of tokens|model maximum|max(?:imum)? length|token limit|tokens allowed)",
  "reduce the length of the (?:messages|prompt|input)",
  "context the overflows",
  "context overflow",
  "tokens? \\+ `?max_new_tokens`? must be",
];

const NO_QUOTA = [
  "credit balance is too low",
  "insufficient (?:account )?(?:balance|credits?|funds|quota)",
  "exceeded (?:your )?current (?:token )?quota",
  "reached your specified .{0,20}usage limits",
  "run out of credits",
  "used all available credits",
  "doesn't have any credits",
  "(?:requires|purchase|add) more credits",
  "spending limit",
  "billing hard limit",
  "budget has been exceeded",
  "payment required",
  "余额不足",
];

const BLOCKED = [
  "(?:account|organi[sz]ation|project|team|workspace|api key)\\b.{0,60}\\b(?:deactivated|disabled|suspended|restricted|terminated|blocked|banned|locked|not active|denied access)",
  "deactivated account",
  "access terminated",
  "(?:country|region|territory|location)\\b.{0,40}\\bnot supported",
  "organi[sz]ation must be verified",
];

const REFUSED = [
  "content (?:management )?policy",
  "content[ _]filter",
  "usage (?:policy|policies|guidelines)",
  "(?:input|prompt|request|content|text) (?:was|were|has been|have been|is|may be)? ?(?:flagged|blocked|rejected)",
  "content exists risk",
  "considered high risk",
  "safety[ _](?:check|system)",
  "(?:unsafe or )?sensitive content",
  "contentpolicyviolation",
];

const NO_MODEL = [
  "(?:no such|unknown|invalid) model",
  "model(?: name)? not (?:exist|found)",
  "not a valid model",
  "no endpoints found",
  "models?\\b.{0,100}\\b(?:does not exist|not found|decommissioned|no longer (?:supported|available))",
  "not found the model",
  "unable to access model",
  "invalid model name",
  "deployment\\b.{0,40}\\bdoes not exist",
];

const WRONG_KEY = [
  "(?:incorrect|invalid|wrong|missing|expired|no) (?:x-)?(?:api[ -_]?key|authentication|authorization|auth credentials|(?:subscription|proxy server) (?:key|token))",
  "api key not valid",
  "authentication fails",
  "身份验证失败",
];

const OVERLOADED = [
  "overloaded",
  "over capacity",
  "capacity (?:exceeded|constraints)",
  "too busy",
  "no instances available",
  "loading model",
];

/** Every reading: the kind, the statuses that it may come with, and the words. The first that fits decides. */
const READINGS: readonly (readonly [Kind, ReadonlySet<number>, RegExp])[] = [
  ["context-length", new Set([400, 413, 422, 429, 500]), anyOf(TOO_LONG)],
  ["quota", new Set([400, 401, 402, 403, 412, 429]), anyOf(NO_QUOTA)],
  ["blocked", new Set([400, 401, 403, 412, 429]), anyOf(BLOCKED)],
  ["refused", new Set([400, 403, 422, 451]), anyOf(REFUSED)],
  ["not-found", new Set([400, 403, 404, 410, 422]), anyOf(NO_MODEL)],
  ["auth", new Set([400, 401, 403]), anyOf(WRONG_KEY)],
  ["overloaded", new Set([429, 500, 502, 503]), anyOf(OVERLOADED)],
];

/** Where a server says when to come back, nothing is used up. */
const COMES_BACK = /(?:retry|try again) in/i;
const NEVER_HAD = /\blimit: 0\b/;
/** A refusal says what it means at its beginning; what follows may be words of the conversation. */
const TELLING = 1_500;

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(words.join("|"), "i");
}

/** The kind of a refusal. */
export function kindOf({ status, codes = [], message }: RefusalFacts): Kind {
  const small = codes.map((code) => code.toLowerCase());
  const exact = small.map((code) => own(BY_CODE, code)).find((kind) => kind !== undefined);
  const said = message.slice(0, TELLING);
  const comesBack = COMES_BACK.test(said) && !NEVER_HAD.test(said);
  if (exact !== undefined && !(exact === "quota" && comesBack)) return exact;
  const read = READINGS.find(
    ([kind, statuses, words]) =>
      (status === undefined || statuses.has(status)) && !(kind === "quota" && comesBack) && words.test(said),
  )?.[0];
  if (read !== undefined) return read;
  const wide = small.map((code) => own(BY_WIDE_CODE, code)).find((kind) => kind !== undefined);
  const vague = wide === undefined || wide === "bad-request" || wide === "server";
  return (vague ? status && kindOfStatus(status) : wide) || wide || "server";
}

function own(kinds: { readonly [code: string]: Kind }, code: string): Kind | undefined {
  return Object.hasOwn(kinds, code) ? kinds[code] : undefined;
}

function kindOfStatus(status: number): Kind {
  return BY_STATUS[status] ?? (status >= 500 ? "server" : "bad-request");
}

const RETRYABLE: ReadonlySet<Kind> = new Set<Kind>([
  "rate-limit",
  "overloaded",
  "timeout",
  "network",
  "cut",
  "server",
]);

/** Whether the same request may succeed later. */
export function mayPass(kind: Kind): boolean {
  return RETRYABLE.has(kind);
}

const TERMINAL: ReadonlySet<Kind> = new Set<Kind>(["auth", "blocked", "quota", "not-found"]);
/** What is lost may be a thing of the request, like a file, and not the model. */
const A_THING = /\b(?:items?|response|files?|images?|container|conversation|tool|vector)\b/i;

/** Whether every other call of this model will meet the same; nothing for kinds that never do. */
export function isTerminalFailure(kind: Kind, message: string): boolean | undefined {
  if (!TERMINAL.has(kind)) return undefined;
  return kind !== "not-found" || !A_THING.test(message) || /model|deployment/i.test(message);
}

const HINTS: { readonly [kind in Kind]?: string } = {
  auth: "Correct the key of the provider.",
  blocked: "Ask the provider why the account may not call this model.",
  quota: "Add credit at the provider or raise its limit, or choose another model.",
  "not-found": "Correct the model's name or the provider's address.",
  refused: "Ask in other words, or choose another model.",
  "context-length": "Ask for less at once, shorten the conversation, or choose a model with more room.",
  "rate-limit": "Make fewer calls at once, or try again later.",
  overloaded: "Try again later, or choose another model.",
  server: "Try again later, or choose another model.",
  timeout: "Try again, or give the model more time by timeouts.",
  network: "Check the network and the provider's address.",
  cut: "Ask again: the answer broke off.",
  protocol: "Check the provider's address and its kind.",
  "bad-request": "Correct what the provider names.",
};

/** The way out of a failure, in one sentence; nothing where there is none. */
export function hintOf(kind: Kind): string | undefined {
  return HINTS[kind];
}

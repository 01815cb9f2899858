/**
 * Failures that are none of the provider: servers answer with an HTTP error when the model wrote a call that they cannot
 * read, and when they refuse a prompt. The first goes back to the model, the second is a refusal.
 */
import type { ModelFailure } from "../words/model.ts";
import { type FailureContext, failureOf } from "./failure.ts";
import { labelOf, sentenceOf } from "./failure-text.ts";
import type { Ending } from "./message-draft.ts";

const MISTAKES: ReadonlySet<string> = new Set([
  "tool_use_failed",
  "output_parse_failed",
  "json_validate_failed",
]);
const MISTAKEN =
  /(?:failed|error|unable)\b.{0,20}\bpars(?:e|ing)\b.{0,20}\btool[ _]?call|failed to call a function|tool call validation failed/i;

const REFUSALS: ReadonlySet<string> = new Set([
  "content_filter",
  "content_policy_violation",
  "ResponsibleAIPolicyViolation",
  "invalid_prompt",
  "data_inspection_failed",
]);
const REFUSED =
  /content management policy|content[ _]filter(?:ed|ing)? |(?:prompt|input|request) (?:was|has been|is) (?:blocked|rejected|flagged) |safety_check_type/i;

/** The ending of a call that the server refused, or in which the model made a mistake; `undefined` for other failures. */
export function refusedOrMistaken(error: unknown, ctx: FailureContext): Ending | undefined {
  const body = bodyOf(error);
  const codes = [body["code"], body["type"], fields(body["innererror"])["code"]].filter(isText);
  const said = isText(body["message"]) ? body["message"] : error instanceof Error ? error.message : "";
  const told = failureOf(error, ctx);
  if (told.status !== undefined && (told.status < 400 || told.status === 401 || told.status === 404))
    return undefined;
  if (codes.some((code) => MISTAKES.has(code)) || MISTAKEN.test(said)) {
    const wrote = body["failed_generation"];
    const shown = isText(wrote) ? ` It wrote: ${sentenceOf(wrote, ctx.secrets)}` : "";
    return { reason: "error", error: mistaken(told, `${sentenceOf(said, ctx.secrets)}${shown}`) };
  }
  if (codes.some((code) => REFUSALS.has(code)) || REFUSED.test(said)) {
    const raw = codes.find((code) => REFUSALS.has(code)) ?? codes[0];
    return {
      reason: "refusal",
      error: { ...told, retryable: false },
      ...(raw && { raw: labelOf(raw, ctx.secrets) }),
    };
  }
  return undefined;
}

/** A failure that is the model's. */
export function mistaken(failure: ModelFailure, mistake: string): ModelFailure {
  return { ...failure, kind: "bad-request", retryable: false, mistake };
}

function bodyOf(error: unknown): Fields {
  const body = fields(fields(error)["error"]);
  return "error" in body ? fields(body["error"]) : body;
}

type Fields = { readonly [key: string]: unknown };

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

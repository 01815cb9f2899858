/** The AI SDK's errors as failures; they are known by their names, as the SDK itself does across its versions. */
import { isOrchError, parseJson } from "@orch/core";
import { type FailureContext, protocolFailure, providerFailure } from "../../model/failure.ts";
import { refusalText } from "../../model/refusal-text.ts";
import type { ModelFailure } from "../../words/model.ts";

/** Errors for an unreadable answer. The same request would fail again. */
const UNREADABLE: ReadonlySet<string> = new Set([
  "AI_JSONParseError",
  "AI_TypeValidationError",
  "AI_InvalidResponseDataError",
  "AI_EmptyResponseBodyError",
]);

/** The request is not possible with this model, or this key may not make it. */
const REFUSED: { readonly [name: string]: ModelFailure["kind"] } = {
  AI_UnsupportedFunctionalityError: "bad-request",
  AI_InvalidPromptError: "bad-request",
  AI_InvalidArgumentError: "bad-request",
  AI_NoSuchModelError: "not-found",
  AI_LoadAPIKeyError: "auth",
  AI_LoadSettingError: "auth",
};

/** Turns an error of the AI SDK, or what a provider put into an error part, into a failure; `undefined` for others. */
export function aiSdkFailure(error: unknown, ctx: FailureContext): ModelFailure | undefined {
  const thrown = asRecord(error);
  const name = text(thrown["name"]) ?? "";
  const message = text(thrown["message"]) ?? (typeof error === "string" ? error : undefined);
  const status = typeof thrown["statusCode"] === "number" ? thrown["statusCode"] : undefined;
  const cause = asRecord(thrown["cause"]);
  const answered = status !== undefined && status < 300;
  // A connection that breaks under a good answer is thrown as that answer, around what the platform threw.
  if (answered && cause instanceof Error && !UNREADABLE.has(cause.name)) return undefined;
  if (UNREADABLE.has(name) || answered) {
    return protocolFailure(`${ctx.provider} sent an answer that cannot be read: ${firstLine(message)}`, ctx);
  }
  const kind = REFUSED[name];
  if (kind !== undefined) return { ...protocolFailure(`${ctx.provider}: ${firstLine(message)}`, ctx), kind };
  const told = refusalText(status === undefined ? error : bodyOf(thrown));
  const { codes } = told;
  if (status !== undefined) {
    const headers = headersOf(asRecord(thrown["responseHeaders"]));
    const said = told.message ?? firstLine(message);
    const requestId = headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
    const { wrote } = told;
    return providerFailure(
      { provider: ctx.provider, status, codes, message: said, headers, requestId, wrote },
      ctx,
    );
  }
  // A plain object or text is what the provider itself said; an Error is the platform's.
  if (error instanceof Error) return undefined;
  return providerFailure({ provider: ctx.provider, codes, message: told.message ?? firstLine(message) }, ctx);
}

/** The provider's own text goes before what the SDK's schema kept of it. */
function bodyOf({ data, responseBody }: Fields): unknown {
  if (typeof responseBody !== "string" || responseBody === "") return data;
  try {
    return parseJson(responseBody);
  } catch (error) {
    if (isOrchError(error)) return data;
    throw error;
  }
}

function headersOf(headers: Fields): { readonly get: (name: string) => string | null } {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), text(value)]));
  return { get: (name) => lower.get(name.toLowerCase()) ?? null };
}

type Fields = { readonly [key: string]: unknown };

function asRecord(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function firstLine(message: string | undefined): string {
  return (message ?? "no reason given").split("\n", 1)[0] ?? "";
}

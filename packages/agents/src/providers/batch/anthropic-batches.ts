/** Message batches of Anthropic: requests go in as one body, and come out as lines. */
import { type BatchApi, type BatchCall, jsonLines, refusal, type WholeAnswer } from "./batch-api.ts";
import { expired } from "./openai-batches.ts";

interface WireBatch {
  readonly id: string;
  readonly processing_status: string;
  readonly request_counts?: { readonly [status: string]: number };
}

/** The status that a failure has where it comes alone. Source: Anthropic's page on errors. */
const STATUS: { readonly [type: string]: number } = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The path of a batch's answers is made here: keys go to no address that an answer names. */
export function anthropicBatches(call: BatchCall): BatchApi {
  return {
    submit: async (requests) => {
      const body = { requests: requests.map(({ name, body }) => ({ custom_id: name, params: body })) };
      return ((await (await call("POST", "/messages/batches", body)).json()) as WireBatch).id;
    },
    look: async (batch) => {
      const wire = (await (await call("GET", `/messages/batches/${batch}`)).json()) as WireBatch;
      const { processing = 0, ...counts } = wire.request_counts ?? {};
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const status = wire.processing_status;
      return { batch, status, done, total: done + processing, ended: status === "ended" };
    },
    answers: async (batch) => {
      const text = await (await call("GET", `/messages/batches/${batch}/results`)).text();
      return new Map(jsonLines(text).flatMap(readLine));
    },
  };
}

function readLine(line: { readonly [key: string]: unknown }): readonly (readonly [string, WholeAnswer])[] {
  const { custom_id: name, result } = line as {
    readonly custom_id?: unknown;
    readonly result?: { readonly type: string; readonly message?: unknown; readonly error?: WireError };
  };
  if (typeof name !== "string" || result === undefined) return [];
  if (result.type === "succeeded") return [[name, { status: 200, body: result.message }]];
  if (result.type === "expired") return [[name, expired()]];
  if (result.type === "canceled")
    return [[name, refusal(400, "invalid_request_error", "The batch was cancelled at the provider.")]];
  const { type = "api_error", message = "It was not run." } = result.error?.error ?? {};
  return [[name, refusal(STATUS[type] ?? 500, type, message)]];
}

interface WireError {
  readonly error?: { readonly type?: string; readonly message?: string };
}

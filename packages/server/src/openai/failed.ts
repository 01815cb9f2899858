/** Failures in the form of the OpenAI APIs. */
import { jsonResponse } from "../web/json-response.ts";
import type { FailureBody } from "./reply-failure.ts";

/**
 * A failure as an answer. The official clients send a request again after most failures of a server. A run would be started
 * twice, so they are told not to, except where nothing was started.
 */
export function failed(
  failure: FailureBody,
  status: number,
  headers: { readonly [name: string]: string } = {},
): Response {
  const again = status === 429 || status === 503;
  return jsonResponse(
    { error: failure },
    { status, headers: { ...headers, "x-should-retry": again ? "true" : "false" } },
  );
}

/** What a status is called in a failure. */
export function failureType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

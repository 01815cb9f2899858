/** The key of a request: requests with the same key have the same answer. */
import { canonical } from "../../platform/canonical.ts";
import { plainJson } from "../../platform/plain-json.ts";
import type { ModelRequest } from "../../words/model.ts";

/** A request without what does not change its answer: the signal, listeners, headers and the session. */
export type AskedRequest = Omit<ModelRequest, "signal" | "onRetry" | "headers" | "sessionId">;

/** Takes the question out of a request. */
export function askedOf(request: ModelRequest): AskedRequest {
  const { signal: _signal, onRetry: _onRetry, headers: _headers, sessionId: _sessionId, ...asked } = request;
  return asked;
}

/** One text per question. */
export function keyOf(request: ModelRequest): string {
  return canonical(plainJson(askedOf(request))!);
}

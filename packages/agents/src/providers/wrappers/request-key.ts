/** What two requests must share to have the same answer. */
import type { Json } from "@orch/core";
import { canonical } from "../../platform/canonical.ts";
import type { ModelRequest } from "../../words/model.ts";

/** A request without what does not change its answer: the signal, listeners, headers and the session. */
export type AskedRequest = Omit<ModelRequest, "signal" | "onRetry" | "headers" | "sessionId">;

/** Takes the question out of a request. */
export function askedOf(request: ModelRequest): AskedRequest {
  const { signal: _signal, onRetry: _onRetry, headers: _headers, sessionId: _sessionId, ...asked } = request;
  return asked;
}

/** A value as plain JSON, its texts passed through `rewrite` with the key they stand under; what JSON cannot carry is left out. */
export function plainJson(
  value: unknown,
  rewrite: (text: string, key: string) => string = (text) => text,
  key = "",
): Json | undefined {
  if (typeof value === "string") return rewrite(value, key);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return value.map((item) => plainJson(item, rewrite, key) ?? null);
  const plain: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    const json = plainJson(item, rewrite, name);
    if (json !== undefined && name !== "__proto__") plain[name] = json;
  }
  return plain;
}

/** One text per question. */
export function keyOf(request: ModelRequest): string {
  return canonical(plainJson(askedOf(request))!);
}

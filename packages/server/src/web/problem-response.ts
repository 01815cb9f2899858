/** Failures as answers, in the form of RFC 9457 (problem details). */
import { isOrchError } from "@orch/core";
import { thrownError } from "../view/public-error.ts";
import { jsonResponse } from "./json-response.ts";
import { statusOf } from "./status-of.ts";

/** What a client reads of a failure. */
export interface Problem {
  /** Where the code is explained. */
  readonly type: string;
  readonly status: number;
  /** Stable, like `ORCH_SERVER_UNKNOWN`. */
  readonly code: string;
  /** What happened, as a sentence. */
  readonly title: string;
  /** The way out. */
  readonly detail?: string;
}

const PAGE = "https://github.com/orch-ts/orch/blob/main/docs/errors.md";

/** The failure that a client reads. What is none of its business says only that the server failed. */
export function problemOf(error: unknown): Problem {
  const status = statusOf(error);
  if (status === undefined) {
    const code = "ORCH_SERVER_FAILED";
    return {
      type: `${PAGE}#${code.toLowerCase()}`,
      status: 500,
      code,
      title: "The server could not answer.",
    };
  }
  const { code, message: title, fix } = thrownError(error);
  const type = `${PAGE}#${code.toLowerCase()}`;
  return { type, status, code, title, ...(fix !== undefined && { detail: fix }) };
}

export function problemResponse(error: unknown): Response {
  const problem = problemOf(error);
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (isOrchError(error) && "retryAfter" in error.facts)
    headers.set("retry-after", String(Math.ceil(Number(error.facts.retryAfter) / 1000)));
  if (isOrchError(error, "ORCH_SERVER_METHOD")) headers.set("allow", error.facts.allowed.join(", "));
  if (problem.status === 401) headers.set("www-authenticate", "Bearer");
  return jsonResponse(problem, { status: problem.status, headers });
}

/** Which HTTP status an error has, by its code. */
const STATUS: { readonly [code: string]: number } = {
  ORCH_SERVER_UNKNOWN: 404,
  ORCH_UNKNOWN_RUN: 404,
  ORCH_UNKNOWN_QUESTION: 404,
  ORCH_UNKNOWN_SIGNAL: 404,
  ORCH_SESSION_UNKNOWN: 404,
  ORCH_SERVER_REQUEST: 400,
  ORCH_OPTION: 400,
  ORCH_JSON: 400,
  ORCH_NOT_SERIALIZABLE: 400,
  ORCH_SERVER_BODY: 413,
  ORCH_SERVER_FILE: 415,
  ORCH_SERVER_INPUT: 422,
  ORCH_INVALID_INPUT: 422,
  ORCH_INVALID_ANSWER: 422,
  ORCH_INVALID_SIGNAL: 422,
  ORCH_SERVER_METHOD: 405,
  ORCH_SERVER_LIMIT: 429,
  ORCH_MAILBOX_FULL: 429,
  ORCH_RATE_LIMITED: 429,
  ORCH_ALREADY_ANSWERED: 409,
  ORCH_QUESTION_CLOSED: 409,
  ORCH_UNUSED_ANSWER: 409,
  ORCH_RUN_ENDED: 409,
  ORCH_RUN_EXISTS: 409,
  ORCH_RUN_HELD: 409,
  ORCH_RUN_STATE: 409,
  ORCH_TURN_BUSY: 409,
  ORCH_TURN_ANSWERED: 409,
  ORCH_TURN_QUESTION: 404,
  ORCH_SESSION_HELD: 409,
  ORCH_SERVER_CLOSING: 503,
  ORCH_RUNTIME_CLOSED: 503,
  ORCH_SUSPENDED: 503,
};

/** The status of an error whose code a client may read; `undefined` for one that is none of the client's. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  if (error.code === "ORCH_SERVER_REFUSED" && "facts" in error)
    return (error.facts as { readonly status: number }).status;
  return typeof error.code === "string" ? STATUS[error.code] : undefined;
}

import type { ReplyEnd } from "../reply/reply-piece.ts";

/** What the OpenAI APIs say of a failure. */
export interface FailureBody {
  readonly message: string;
  readonly type: string;
  readonly param: null;
  readonly code: string;
}

/** The failure in the end of a reply; `undefined` where it has its answer. */
export function replyFailure({ status, error, reason }: ReplyEnd): FailureBody | undefined {
  if (status === "failed")
    return failureBody("server_error", error?.code ?? "ORCH_FAILED", error?.message ?? "The run failed.");
  if (status === "cancelled")
    return failureBody("cancelled", "ORCH_CANCELLED", `Stopped: ${reason ?? "cancelled"}`);
  if (status === "parked")
    return failureBody(
      "server_error",
      "ORCH_SERVER_CLOSING",
      "The server stops. The run goes on; ask for it by its id.",
    );
  return undefined;
}

/** A failure in the form of the APIs. */
export function failureBody(type: string, code: string, message: string): FailureBody {
  return { message, type, param: null, code };
}

/**
 * Failures in the form of the protocol.
 *
 * Source: https://a2a-protocol.org/v1.0.1/specification/, "Error Handling".
 */
import { isOrchError } from "@orch/core";
import { RPC_CODE, type RpcFault } from "../reply/json-rpc.ts";
import { thrownError } from "../view/public-error.ts";
import { statusOf } from "../web/status-of.ts";

/** The codes of A2A that this door gives, by their reasons. */
const CODE = {
  TASK_NOT_FOUND: -32001,
  TASK_NOT_CANCELABLE: -32002,
  PUSH_NOTIFICATION_NOT_SUPPORTED: -32003,
  UNSUPPORTED_OPERATION: -32004,
  CONTENT_TYPE_NOT_SUPPORTED: -32005,
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: -32007,
  VERSION_NOT_SUPPORTED: -32009,
} as const;

/** Why the protocol refuses a request. */
export type A2aReason = keyof typeof CODE;

/** What became of a request. */
export type A2aOutcome =
  | { readonly result: object }
  | { readonly fault: RpcFault }
  | { readonly response: Response };

/** The code of a reason. */
export function faultCode(reason: A2aReason): number {
  return CODE[reason];
}

/** A refusal of the protocol. */
export function a2aFault(reason: A2aReason, message: string): { readonly fault: RpcFault } {
  return { fault: { code: CODE[reason], message, data: [errorInfo(reason, "a2a-protocol.org")] } };
}

/** A request whose params do not fit. */
export function unfitParams(message: string): { readonly fault: RpcFault } {
  return { fault: { code: RPC_CODE.params, message } };
}

/** What failed while a method ran, as a client may read it. */
export function thrownFault(error: unknown): RpcFault {
  const status = statusOf(error);
  if (status === undefined) return { code: RPC_CODE.failed, message: "The server could not answer." };
  const { code, message, fix } = thrownError(error);
  if (code === "ORCH_SERVER_UNKNOWN" && isOrchError(error, code) && error.facts.what === "run")
    return a2aFault("TASK_NOT_FOUND", message).fault;
  const wait = isOrchError(error) && "retryAfter" in error.facts ? String(error.facts.retryAfter) : undefined;
  const facts = { ...(fix !== undefined && { fix }), ...(wait !== undefined && { retryAfterMs: wait }) };
  const data = [errorInfo(code, "orch", facts)];
  if (status === 429 || status === 503) return { code: RPC_CODE.busy, message, data };
  return { code: status >= 500 ? RPC_CODE.failed : RPC_CODE.params, message, data };
}

/** Why something was refused, as all bindings of the protocol tell it. */
export function errorInfo(
  reason: string,
  domain: string,
  metadata: { readonly [name: string]: string } = {},
): object {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}

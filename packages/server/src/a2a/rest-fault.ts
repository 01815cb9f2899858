/**
 * Failures in the form of the HTTP+JSON binding.
 *
 * Source: https://a2a-protocol.org/v1.0.1/specification/, "HTTP+JSON/REST Protocol Binding".
 */
import { RPC_CODE, type RpcFault } from "../reply/json-rpc.ts";
import { jsonResponse } from "../web/json-response.ts";
import { errorInfo, faultCode } from "./a2a-fault.ts";

/** The names that statuses have in this form. */
const NAME: { readonly [status: number]: string } = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** Tells a fault. `status`: of the error that led to it, where one was thrown. */
export function restFault({ code, message, data }: RpcFault, status?: number): Response {
  const http = status ?? statusOf(code);
  const isRefused = code >= faultCode("VERSION_NOT_SUPPORTED") && code <= faultCode("TASK_NOT_FOUND");
  const plain = http >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
  const isTaken = code === faultCode("CONTENT_TYPE_NOT_SUPPORTED") || http === 404;
  const name = NAME[http] ?? (isRefused && !isTaken ? "FAILED_PRECONDITION" : plain);
  const details = data ?? [errorInfo("INVALID_PARAMS", "a2a-protocol.org")];
  return jsonResponse({ error: { code: http, status: name, message, details } }, { status: http });
}

function statusOf(code: number): number {
  if (code === faultCode("TASK_NOT_FOUND")) return 404;
  return code === RPC_CODE.failed ? 500 : 400;
}

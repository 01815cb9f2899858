/** Failures in the form of the protocol. */
import { isOrchError } from "@orch/core";
import { RPC_CODE, type RpcFault } from "../reply/json-rpc.ts";
import { thrownError } from "../view/public-error.ts";
import { statusOf } from "../web/status-of.ts";
import { type McpOutcome, TASKS_EXTENSION } from "./mcp-request.ts";

/** A request whose params do not fit. */
export function unfitParams(message: string, data?: object): McpOutcome {
  return { fault: { code: RPC_CODE.params, message, ...(data && { data }) } };
}

/** A method that there is not. */
export function noMethod(method: string): McpOutcome {
  return { fault: { code: RPC_CODE.method, message: `There is no method "${method}".` }, status: 404 };
}

/** A request that needs a client with more abilities. */
export function missingAbility(what: "elicitation" | "tasks", message: string): McpOutcome {
  const requiredCapabilities =
    what === "tasks" ? { extensions: { [TASKS_EXTENSION]: {} } } : { elicitation: {} };
  return { fault: { code: RPC_CODE.capability, message, data: { requiredCapabilities } }, status: 400 };
}

/** What failed while a method ran, as a client may read it. */
export function thrownFault(error: unknown): RpcFault {
  const status = statusOf(error);
  if (status === undefined) return { code: RPC_CODE.failed, message: "The server could not answer." };
  const { code, message, fix } = thrownError(error);
  const data = { code, ...(fix !== undefined && { fix }), ...waitOf(error) };
  if (status === 429 || status === 503) return { code: RPC_CODE.busy, message, data };
  return { code: status >= 500 ? RPC_CODE.failed : RPC_CODE.params, message, data };
}

function waitOf(error: unknown): object {
  return isOrchError(error) && "retryAfter" in error.facts ? { retryAfterMs: error.facts.retryAfter } : {};
}

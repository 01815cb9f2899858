/** JSON-RPC 2.0, as MCP and A2A speak it over HTTP: one message in a body. */
import { isObject, type JsonObject } from "./json-object.ts";

/** What names a request. */
export type RpcId = string | number;

/** One message of a client. */
export type RpcMessage =
  | { readonly kind: "request"; readonly id: RpcId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: "notification"; readonly method: string; readonly params: JsonObject }
  | { readonly kind: "reply"; readonly id: RpcId; readonly result?: JsonObject };

/** Why a request has no result. */
export interface RpcFault {
  readonly code: number;
  readonly message: string;
  readonly data?: object;
}

/** The codes of JSON-RPC and of MCP that this server gives. */
export const RPC_CODE = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  failed: -32603,
  busy: -32000,
  noResource: -32002,
  headers: -32020,
  capability: -32021,
  version: -32022,
} as const;

/** The reply to a request. */
export function replyFrame(
  id: RpcId | null,
  outcome: { readonly result: object } | { readonly fault: RpcFault },
): object {
  const body = "result" in outcome ? { result: outcome.result } : { error: outcome.fault };
  return { jsonrpc: "2.0", id, ...body };
}

/** Reads a body; a fault for what is no message. */
export function rpcMessage(body: unknown): RpcMessage | RpcFault {
  if (!isObject(body) || body["jsonrpc"] !== "2.0") return unfit("it is no JSON-RPC 2.0 message");
  const { id, method, params = {} } = body;
  if (method === undefined) {
    if (!isId(id) || (!("result" in body) && !("error" in body))) return unfit("it has no method");
    const { result } = body;
    return { kind: "reply", id, ...(isObject(result) && { result }) };
  }
  if (typeof method !== "string") return unfit("its method is no text");
  if (!isObject(params)) return unfit("its params are no object");
  if (id === undefined) return { kind: "notification", method, params };
  return isId(id)
    ? { kind: "request", id, method, params }
    : unfit("its id is neither a text nor a whole number");
}

/** The id of a body that may be no message; `null` where there is none. */
export function idOf(body: unknown): RpcId | null {
  const id = isObject(body) ? body["id"] : undefined;
  return isId(id) ? id : null;
}

/** Whether this is a fault and no message. */
export function isFault(message: RpcMessage | RpcFault): message is RpcFault {
  return "code" in message;
}

function unfit(problem: string): RpcFault {
  return { code: RPC_CODE.request, message: `The message cannot be read: ${problem}.` };
}

function isId(id: unknown): id is RpcId {
  return typeof id === "string" ? id.length <= 500 : Number.isSafeInteger(id);
}

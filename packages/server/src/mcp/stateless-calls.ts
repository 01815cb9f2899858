/**
 * The protocol of 2026: each request stands for itself, and says in its `_meta` what its client can do.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { RPC_CODE, type RpcFault, type RpcId } from "../reply/json-rpc.ts";
import type { DoorCall } from "../words/door.ts";
import { callTool } from "./call-tool.ts";
import { noMethod } from "./faults.ts";
import {
  type McpMethod,
  type McpOutcome,
  type McpRequest,
  SESSION_VERSIONS,
  STATELESS_VERSION,
  TASKS_EXTENSION,
} from "./mcp-request.ts";
import type { McpSettings } from "./mcp-settings.ts";
import { listResources, listTemplates, readResource } from "./resources.ts";
import { cancelTask, getTask, updateTask } from "./tasks.ts";
import { cacheWords, toolObject } from "./tool-list.ts";

const META = "io.modelcontextprotocol/";

/** `server/discover`. */
const discover: McpMethod = async (request) => ({
  result: {
    supportedVersions: [STATELESS_VERSION],
    capabilities: { tools: {}, resources: {}, extensions: { [TASKS_EXTENSION]: {} } },
    ...cacheWords(request),
  },
});

/** `tools/list`, in the order of the server's options. */
export const listTools: McpMethod = async (request) => ({
  result: {
    tools: request.call.runs.orchestrations.map((offered) => toolObject(offered, request)),
    ...cacheWords(request),
  },
});

const METHODS: { readonly [method: string]: McpMethod } = {
  "server/discover": discover,
  "tools/list": listTools,
  "tools/call": callTool,
  "resources/list": listResources,
  "resources/templates/list": listTemplates,
  "resources/read": readResource,
  "tasks/get": getTask,
  "tasks/update": updateTask,
  "tasks/cancel": cancelTask,
};

/** Which field of the params a client repeats in the header `Mcp-Name`, by method. */
const NAMED: { readonly [method: string]: string } = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

/** Whether a message is one of the protocol of 2026. */
export function isStateless(headers: Headers, method: string, params: JsonObject): boolean {
  const meta = params["_meta"];
  if (method === "server/discover") return true;
  if (isObject(meta) && meta[`${META}protocolVersion`] !== undefined) return true;
  const version = headers.get("mcp-protocol-version") ?? "";
  return version !== "" && !(SESSION_VERSIONS as readonly string[]).includes(version) && version > "2026";
}

/** Answers one request. */
export async function statelessCall(
  call: DoorCall,
  settings: McpSettings,
  { id, method, params }: { readonly id: RpcId; readonly method: string; readonly params: JsonObject },
): Promise<McpOutcome> {
  const fault =
    metaFault(params) ?? headerFault(call.request.headers, method, params) ?? versionFault(params);
  if (fault !== undefined) return { fault, status: 400 };
  const act = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (act === undefined) return noMethod(method);
  const able = (params["_meta"] as JsonObject)[`${META}clientCapabilities`] as JsonObject;
  const { elicitation, extensions } = able;
  const abilities = {
    elicitation: isObject(elicitation),
    tasks: isObject(extensions) && isObject(extensions[TASKS_EXTENSION]),
  };
  const request: McpRequest = { call, settings, id, params, abilities, isStateless: true };
  return act(request);
}

function metaFault({ _meta: meta }: JsonObject): RpcFault | undefined {
  const unfit = (what: string): RpcFault => ({
    code: RPC_CODE.params,
    message: `The request has no ${what}.`,
  });
  if (!isObject(meta)) return unfit("_meta");
  if (typeof meta[`${META}protocolVersion`] !== "string") return unfit(`_meta["${META}protocolVersion"]`);
  return isObject(meta[`${META}clientCapabilities`])
    ? undefined
    : unfit(`_meta["${META}clientCapabilities"]`);
}

/** What stands in the headers for machines on the way has to be what stands in the body. */
function headerFault(headers: Headers, method: string, params: JsonObject): RpcFault | undefined {
  const mismatch = (name: string): RpcFault => ({
    code: RPC_CODE.headers,
    message: `The header ${name} is missing, or says something else than the body.`,
  });
  const version = (params["_meta"] as JsonObject)[`${META}protocolVersion`];
  if (headers.get("mcp-protocol-version") !== version) return mismatch("MCP-Protocol-Version");
  if (headers.get("mcp-method") !== method) return mismatch("Mcp-Method");
  const field = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined;
  const value = field === undefined ? undefined : params[field];
  if (typeof value !== "string") return undefined;
  return headerText(headers.get("mcp-name")) === value ? undefined : mismatch("Mcp-Name");
}

/** A header whose text may stand in it as base64. */
function headerText(header: string | null): string | undefined {
  const wrapped = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header ?? "")?.[1];
  if (wrapped === undefined) return header ?? undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(atob(wrapped), (c) => c.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}

function versionFault({ _meta: meta }: JsonObject): RpcFault | undefined {
  const requested = (meta as JsonObject)[`${META}protocolVersion`];
  if (requested === STATELESS_VERSION) return undefined;
  const data = { supported: [STATELESS_VERSION], requested };
  return { code: RPC_CODE.version, message: `The version ${String(requested)} is not spoken here.`, data };
}

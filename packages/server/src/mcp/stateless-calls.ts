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
import { headerText } from "./header-text.ts";
import { LOG_LEVEL_KEY, logLevel } from "./log-lines.ts";
import {
  type McpMethod,
  type McpOutcome,
  type McpRequest,
  SESSION_VERSIONS,
  STATELESS_VERSION,
  TASKS_EXTENSION,
} from "./mcp-request.ts";
import { unfitParamHeader } from "./param-headers.ts";
import type { SessionParts } from "./session-calls.ts";
import { offerMethods } from "./shared-methods.ts";
import { listenToChanges } from "./subscriptions.ts";
import { cancelTask, getTask, updateTask } from "./tasks.ts";
import { cacheWords, inputSchema } from "./tool-list.ts";

const META = "io.modelcontextprotocol/";

/** `server/discover`. */
const discover: McpMethod = async (request) => ({
  result: {
    supportedVersions: [STATELESS_VERSION],
    capabilities: {
      tools: {},
      resources: { subscribe: true },
      completions: {},
      logging: {},
      ...(!request.settings.prompts.isEmpty && { prompts: {} }),
      extensions: { [TASKS_EXTENSION]: {} },
    },
    ...cacheWords(request),
  },
});

const METHODS: { readonly [method: string]: McpMethod } = {
  "server/discover": discover,
  "tools/call": callTool,
  "subscriptions/listen": listenToChanges,
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
  { call, settings, notes, streams }: Omit<SessionParts, "session">,
  { id, method, params }: { readonly id: RpcId; readonly method: string; readonly params: JsonObject },
): Promise<McpOutcome> {
  const fault =
    metaFault(params) ??
    headerFault(call.request.headers, method, params) ??
    versionFault(params) ??
    (method === "tools/call" ? paramFault(call, params) : undefined);
  if (fault !== undefined) return { fault, status: 400 };
  const act = Object.hasOwn(METHODS, method) ? METHODS[method] : offerMethods(settings)[method];
  if (act === undefined) return noMethod(method);
  const meta = params["_meta"] as JsonObject;
  const able = meta[`${META}clientCapabilities`] as JsonObject;
  const { elicitation, extensions } = able;
  const abilities = {
    elicitation: isObject(elicitation),
    tasks: isObject(extensions) && isObject(extensions[TASKS_EXTENSION]),
  };
  const level = logLevel(meta[LOG_LEVEL_KEY]);
  const request: McpRequest = {
    ...{ call, settings, id, params, abilities, notes, streams, isStateless: true },
    ...(level && { logLevel: level }),
  };
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
  const version = (params["_meta"] as JsonObject)[`${META}protocolVersion`];
  if (headers.get("mcp-protocol-version") !== version) return mismatch("MCP-Protocol-Version");
  if (headers.get("mcp-method") !== method) return mismatch("Mcp-Method");
  const field = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined;
  const value = field === undefined ? undefined : params[field];
  if (typeof value !== "string") return undefined;
  return headerText(headers.get("mcp-name")) === value ? undefined : mismatch("Mcp-Name");
}

function mismatch(header: string): RpcFault {
  return {
    code: RPC_CODE.headers,
    message: `The header ${header} is missing, or says something else than the body.`,
  };
}

/** The same for arguments of a tool that stand in headers. */
function paramFault(
  { runs, request }: DoorCall,
  { name, arguments: args }: JsonObject,
): RpcFault | undefined {
  const offered = runs.orchestrations.find((one) => one.name === name);
  if (offered === undefined) return undefined;
  const header = unfitParamHeader(request.headers, inputSchema(offered), isObject(args) ? args : {});
  return header === undefined ? undefined : mismatch(header);
}

function versionFault({ _meta: meta }: JsonObject): RpcFault | undefined {
  const requested = (meta as JsonObject)[`${META}protocolVersion`];
  if (requested === STATELESS_VERSION) return undefined;
  const data = { supported: [STATELESS_VERSION], requested };
  return { code: RPC_CODE.version, message: `The version ${String(requested)} is not spoken here.`, data };
}

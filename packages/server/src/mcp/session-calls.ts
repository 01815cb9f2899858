/**
 * The protocol of 2025: a client greets the server, and has a session from then on.
 *
 * Source: https://modelcontextprotocol.io/specification/2025-11-25/basic
 */
import { newId } from "@orch/core/doors";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { RPC_CODE, type RpcId } from "../reply/json-rpc.ts";
import type { DoorCall } from "../words/door.ts";
import { callForm } from "./call-form.ts";
import { offeredTool } from "./call-tool.ts";
import { noMethod, unfitParams } from "./faults.ts";
import { type McpMethod, type McpOutcome, type McpRequest, SESSION_VERSIONS } from "./mcp-request.ts";
import type { McpSettings } from "./mcp-settings.ts";
import { sessionAnswer } from "./session-answer.ts";
import type { OpenStreams, SessionNotes } from "./session-notes.ts";
import { noteMethods } from "./session-subscriptions.ts";
import { earlierMethods } from "./session-tasks.ts";
import { type SessionToken, sessionText } from "./session-token.ts";
import { offerMethods } from "./shared-methods.ts";
import type { WaitingCalls } from "./waiting-calls.ts";

const ping: McpMethod = async () => ({ result: {} });

const METHODS: { readonly [method: string]: McpMethod } = {
  ping,
  ...earlierMethods,
  ...noteMethods,
};

/** What a session is called with. */
export interface SessionParts {
  readonly call: DoorCall;
  readonly settings: McpSettings;
  readonly waiting: WaitingCalls;
  readonly notes: SessionNotes;
  readonly streams: OpenStreams;
  /** Absent for a client that sends no id of a session. */
  readonly session?: SessionToken;
}

/** A new session, and what its client is told of it. */
export function initialize(
  { call, settings }: SessionParts,
  params: JsonObject,
): McpOutcome & { readonly session?: string } {
  const { protocolVersion, capabilities } = params;
  if (typeof protocolVersion !== "string") return unfitParams("The protocolVersion is no text.");
  const known = SESSION_VERSIONS.find((version) => version === protocolVersion);
  const version = known ?? SESSION_VERSIONS[0];
  const elicitation = isObject(capabilities) ? capabilities["elicitation"] : undefined;
  const isForm =
    isObject(elicitation) && (Object.keys(elicitation).length === 0 || isObject(elicitation["form"]));
  const key = newId("c", call.clock.now(), settings.random);
  return {
    session: sessionText({ key, version, abilities: { elicitation: isForm, tasks: true } }),
    result: {
      protocolVersion: version,
      capabilities: {
        tools: {},
        resources: { subscribe: true },
        completions: {},
        logging: {},
        ...(!settings.prompts.isEmpty && { prompts: {} }),
        ...(version >= "2025-11-25" && {
          tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
        }),
      },
      serverInfo: { name: settings.name, version: settings.version },
    },
  };
}

/** Answers one request of a session. */
export async function sessionCall(
  parts: SessionParts,
  { id, method, params }: { readonly id: RpcId; readonly method: string; readonly params: JsonObject },
): Promise<McpOutcome> {
  const { call, settings, session, waiting, notes, streams } = parts;
  const abilities = session?.abilities ?? { elicitation: false, tasks: false };
  const request: McpRequest = {
    ...{ call, settings, id, params, abilities, waiting, notes, streams, isStateless: false },
    ...(session && { session: session.key }),
  };
  if (method === "tools/call") return callSessionTool(request);
  const act = Object.hasOwn(METHODS, method) ? METHODS[method] : offerMethods(settings)[method];
  return act === undefined ? { ...noMethod(method), status: 200 } : act(request);
}

async function callSessionTool(request: McpRequest): Promise<McpOutcome> {
  const { params, settings } = request;
  const offered = offeredTool(request);
  if (offered === undefined) return unfitParams(`There is no tool "${String(params["name"])}".`);
  const support = settings.taskSupport(offered.name);
  const isTask = isObject(params["task"]);
  if (isTask ? support === "forbidden" : support === "required") {
    const message = `Calls of "${offered.name}" ${isTask ? "cannot be" : "have to be"} tasks.`;
    return { fault: { code: RPC_CODE.method, message } };
  }
  return sessionAnswer(request, { offered, form: callForm(offered, settings), isTask });
}

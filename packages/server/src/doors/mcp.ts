/**
 * The Model Context Protocol over HTTP: every orchestration is a tool.
 *
 * Two ways of speaking are understood. In that of 2026 each request stands for itself. In that of 2025 a client has a session;
 * what it is stands in its id, so that the door keeps nothing of it.
 */
import type { Random } from "@orch/core";
import { systemRandom } from "@orch/core/doors";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { thrownFault } from "../mcp/faults.ts";
import { type McpOutcome, SESSION_VERSIONS } from "../mcp/mcp-request.ts";
import type { McpSettings, TaskSupport } from "../mcp/mcp-settings.ts";
import { type McpPrompt, OfferedPrompts } from "../mcp/offered-prompt.ts";
import { type McpResource, OfferedResources } from "../mcp/offered-resource.ts";
import { initialize, type SessionParts, sessionCall } from "../mcp/session-calls.ts";
import { OpenStreams, SessionNotes } from "../mcp/session-notes.ts";
import { formReturned, noticed, resumed } from "../mcp/session-notices.ts";
import { changesOfSession } from "../mcp/session-subscriptions.ts";
import { sessionOf } from "../mcp/session-token.ts";
import { isStateless, statelessCall } from "../mcp/stateless-calls.ts";
import { statelessOutcome } from "../mcp/stateless-words.ts";
import { WaitingCalls } from "../mcp/waiting-calls.ts";
import {
  idOf,
  isFault,
  RPC_CODE,
  type RpcId,
  type RpcMessage,
  replyFrame,
  rpcMessage,
} from "../reply/json-rpc.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { statusOf } from "../web/status-of.ts";
import type { Door, DoorCall } from "../words/door.ts";

/** How the door is mounted, and what it says of itself. */
export interface McpDoorOptions {
  /** Default `/mcp`. */
  readonly path?: string;
  /** The name of the server, as clients show it. Default `orch`. */
  readonly name?: string;
  /** Its version. Default `1.0.0`. */
  readonly version?: string;
  /** Whether calls may be tasks, by the names of tools. Default `optional`. */
  readonly tasks?: { readonly [tool: string]: TaskSupport };
  /** After how many milliseconds a call becomes a task, where the client knows tasks. Default 1,000. */
  readonly taskAfter?: number;
  /** Prompts, by the names under which a person finds them. Default: none. */
  readonly prompts?: { readonly [name: string]: McpPrompt };
  /** Resources beside orchestrations and runs, by their URIs or URI templates (`{name}`, `{+name}`). Default: none. */
  readonly resources?: { readonly [uri: string]: McpResource };
  readonly random?: Random;
}

/**
 * Makes the door.
 *
 * @throws ServerSetupError (`ORCH_SERVER_SETUP`) for a name, a URI or a template that none can be.
 */
export function mcp(options: McpDoorOptions = {}): Door {
  const { path = "/mcp", name = "orch", version = "1.0.0", tasks = {}, taskAfter = 1000 } = options;
  const { random = systemRandom, prompts = {}, resources = {} } = options;
  const taskSupport = (tool: string): TaskSupport => (Object.hasOwn(tasks, tool) ? tasks[tool]! : "optional");
  const settings: McpSettings = {
    ...{ name, version, taskSupport, taskAfter, random },
    prompts: new OfferedPrompts(prompts),
    resources: new OfferedResources(resources),
  };
  const kept = {
    settings,
    waiting: new WaitingCalls(),
    notes: new SessionNotes(),
    streams: new OpenStreams(),
  };
  return { name: "mcp", path, handle: (call) => handle({ call, ...kept }), failed };
}

async function handle(parts: Omit<SessionParts, "session">): Promise<Response | undefined> {
  const { call } = parts;
  const { request, path, limits } = call;
  if (path !== "/") return undefined;
  if (request.method === "GET") return reattached(parts);
  if (request.method !== "POST")
    throw new ServerMethodError({ method: request.method, allowed: ["GET", "POST"] });
  const body = await jsonBody(request, limits.body);
  const message = rpcMessage(body);
  if (isFault(message)) return jsonResponse(replyFrame(idOf(body), { fault: message }), { status: 400 });
  if (message.kind !== "reply" && isStateless(request.headers, message.method, message.params)) {
    if (message.kind === "notification") return accepted();
    return statelessResponse(parts, message);
  }
  const session = sessionIn(call);
  if (session === "unknown") return unknownSession(idOf(body));
  const inSession = { ...parts, ...(session && { session }) };
  if (message.kind === "notification") {
    await noticed(inSession, message.method, message.params);
    return accepted();
  }
  if (message.kind === "request") return sessionResponse(inSession, message);
  if (await formReturned(inSession, message)) return accepted();
  return jsonResponse(
    replyFrame(null, { fault: { code: RPC_CODE.request, message: "Nothing was asked." } }),
    { status: 400 },
  );
}

type Asked = Extract<RpcMessage, { kind: "request" }>;

async function statelessResponse(parts: Omit<SessionParts, "session">, message: Asked): Promise<Response> {
  const outcome = await thrown(() => statelessCall(parts, message));
  if ("response" in outcome) return outcome.response;
  return jsonResponse(replyFrame(message.id, statelessOutcome(parts, outcome)), {
    status: statusOfOutcome(outcome, 400),
  });
}

async function sessionResponse(parts: SessionParts, message: Asked): Promise<Response> {
  const { id, method, params } = message;
  if (method === "initialize") {
    const { session, ...outcome } = initialize(parts, params);
    const headers = session === undefined ? {} : { "mcp-session-id": session };
    return jsonResponse(replyFrame(id, outcome as { result: object }), { headers });
  }
  const outcome = await thrown(() => sessionCall(parts, message));
  if ("response" in outcome) return outcome.response;
  return jsonResponse(replyFrame(id, outcome), { status: statusOfOutcome(outcome, 200) });
}

/** A failure of a request is its reply, as long as its id is known. */
async function thrown(act: () => Promise<McpOutcome>): Promise<McpOutcome> {
  try {
    return await act();
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return { fault: thrownFault(error) };
  }
}

function statusOfOutcome(outcome: McpOutcome, unfit: number): number {
  if (!("fault" in outcome)) return 200;
  return outcome.status ?? (outcome.fault.code === RPC_CODE.params ? unfit : 200);
}

async function reattached(parts: Omit<SessionParts, "session">): Promise<Response> {
  const { call } = parts;
  const last = call.request.headers.get("last-event-id");
  const session = sessionIn(call);
  if (session === "unknown") return unknownSession(null);
  if (last === null) {
    // Without a session nothing is told outside of calls.
    if (session === undefined) throw new ServerMethodError({ method: "GET", allowed: ["POST"] });
    return changesOfSession(parts, session.key);
  }
  const stream = await resumed({ ...parts, ...(session && { session }) }, last);
  if (stream !== undefined) return stream;
  const fault = { code: RPC_CODE.params, message: "The id of the last event is none that this server gave." };
  return jsonResponse(replyFrame(null, { fault }), { status: 400 });
}

function sessionIn({ request }: DoorCall): SessionParts["session"] | "unknown" {
  const id = request.headers.get("mcp-session-id");
  if (id === null) return undefined;
  const session = sessionOf(id);
  return session !== undefined && (SESSION_VERSIONS as readonly string[]).includes(session.version)
    ? session
    : "unknown";
}

function unknownSession(id: RpcId | null): Response {
  const fault = { code: RPC_CODE.request, message: "There is no such session. Greet the server again." };
  return jsonResponse(replyFrame(id, { fault }), { status: 404 });
}

function accepted(): Response {
  return new Response(null, { status: 202 });
}

/** A failure before or outside of a message. */
function failed(error: unknown): Response | undefined {
  const status = statusOf(error);
  if (status === 405) return undefined;
  const fault = thrownFault(error);
  const code = status === 400 ? RPC_CODE.parse : fault.code;
  return jsonResponse(replyFrame(null, { fault: { ...fault, code } }), { status: status ?? 500 });
}

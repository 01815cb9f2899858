/**
 * The Agent2Agent protocol, version 1.0, over HTTP: every orchestration is an agent, every run a task.
 *
 *     GET  <path>                                       the cards of all agents
 *     GET  <path>/{name}/.well-known/agent-card.json    the card of one
 *     POST <path>/{name}                                its methods, as JSON-RPC
 *     POST <path>/{name}/message:send                   its methods, as HTTP+JSON; `rest-call.ts` has the others
 */
import type { Random } from "@orch/core";
import { systemRandom } from "@orch/core/doors";
import { a2aCall } from "../a2a/a2a-calls.ts";
import { type A2aOutcome, thrownFault } from "../a2a/a2a-fault.ts";
import { type AgentSettings, agentCard, CARD_PATH } from "../a2a/agent-card.ts";
import { otherVersion } from "../a2a/other-version.ts";
import { restCall } from "../a2a/rest-call.ts";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { idOf, isFault, RPC_CODE, replyFrame, rpcMessage } from "../reply/json-rpc.ts";
import { decoded } from "../web/decoded.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { statusOf } from "../web/status-of.ts";
import type { Door, DoorCall } from "../words/door.ts";
import type { PublicOrchestration } from "../words/public-run.ts";

/** How the door is mounted, and what it says of its agents. */
export interface A2aDoorOptions {
  /** Default `/a2a`. */
  readonly path?: string;
  /** Where clients reach the door, for the cards, like `https://example.org/a2a`. Default: where the request came to. */
  readonly url?: string;
  /** The version of the agents. Default `1.0.0`. */
  readonly version?: string;
  /** Whether the cards ask for a bearer token, as a guard with `tokens` does. Default `false`. */
  readonly bearer?: boolean;
  /** Makes the ids of tasks. Default: the chance of the machine. */
  readonly random?: Random;
}

/** Makes the door. */
export function a2a(options: A2aDoorOptions = {}): Door {
  const { path = "/a2a" } = options;
  return { name: "a2a", path, handle: (call) => handle(call, options), failed };
}

async function handle(call: DoorCall, options: A2aDoorOptions): Promise<Response | undefined> {
  const { runs, path } = call;
  if (path === "/") {
    allow(call, "GET");
    const agents = runs.orchestrations.map((offered) => agentCard(offered, settingsOf(call, options)));
    return jsonResponse({ agents });
  }
  const [, segment = "", below = ""] = /^\/([^/]*)(.*?)\/?$/.exec(path) ?? [];
  const name = decoded(segment);
  const agent = runs.orchestrations.find((offered) => offered.name === name);
  if (agent === undefined) throw new ServerUnknownError({ what: "agent", id: name });
  const { random = systemRandom } = options;
  if (below !== "" && below !== CARD_PATH) return restCall(call, agent, below, random);
  allow(call, below === CARD_PATH ? "GET" : "POST");
  if (below === CARD_PATH) return jsonResponse(agentCard(agent, settingsOf(call, options)));
  return answered(call, agent, random);
}

/** Answers a message of JSON-RPC. */
async function answered(call: DoorCall, agent: PublicOrchestration, random: Random): Promise<Response> {
  const { request, limits } = call;
  const body = await jsonBody(request, limits.body);
  const message = rpcMessage(body);
  if (isFault(message)) return jsonResponse(replyFrame(idOf(body), { fault: message }), { status: 400 });
  if (message.kind !== "request") {
    const fault = { code: RPC_CODE.request, message: "The message has no id, or no method." };
    return jsonResponse(replyFrame(idOf(body), { fault }), { status: 400 });
  }
  const { id, method, params } = message;
  const refused = otherVersion(call);
  const frame = (result: object): object => replyFrame(id, { result });
  const outcome = refused ?? (await thrown(() => a2aCall(method, { call, agent, frame, params, random })));
  return "response" in outcome ? outcome.response : jsonResponse(replyFrame(id, outcome));
}

/** A failure of a request is its reply, as long as its id is known. */
async function thrown(act: () => Promise<A2aOutcome>): Promise<A2aOutcome> {
  try {
    return await act();
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return { fault: thrownFault(error) };
  }
}

function settingsOf({ url, path }: DoorCall, options: A2aDoorOptions): AgentSettings {
  const mounted = path === "/" ? url.pathname.replace(/\/$/, "") : url.pathname.slice(0, -path.length);
  const { url: base = url.origin + mounted, version = "1.0.0", bearer = false } = options;
  return { url: base.replace(/\/$/, ""), version, bearer };
}

function allow({ request: { method } }: DoorCall, allowed: "GET" | "POST"): void {
  if (method !== allowed) throw new ServerMethodError({ method, allowed: [allowed] });
}

/** A failure before or outside of a message. Of an address that there is not, the answer is no JSON-RPC. */
function failed(error: unknown, { request }: Pick<DoorCall, "request">): Response | undefined {
  const status = statusOf(error);
  if (status === 404 || status === 405 || request.method !== "POST") return undefined;
  const fault = thrownFault(error);
  const code = status === 400 ? RPC_CODE.parse : fault.code;
  return jsonResponse(replyFrame(null, { fault: { ...fault, code } }), { status: status ?? 500 });
}

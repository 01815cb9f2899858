/** A `fetch` over Node's own agents, which speak to a proxy: its `fetch` cannot be told of one for a single request. */
import { nodeModule, nodeProcess } from "../node-module.ts";

/** Whether this Node has agents that speak to a proxy: from 22.21 and 24.5 on. */
export function canUseProxies(): boolean {
  return nodeProcess().allowedNodeEnvironmentFlags?.has("--use-env-proxy") === true;
}

type IncomingMessage = import("node:http").IncomingMessage;
type Agent = import("node:http").Agent | import("node:https").Agent;

/** What came of a request: an answer, or the request to make instead of it. */
export type ProxyOutcome = Response | Request;

/** Answers without a body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const ASKS_WHO = 407;

/** Makes a request by way of a proxy. A redirect that is to be followed is given as the next request. */
export async function fetchByProxy(request: Request, proxy: string): Promise<ProxyOutcome> {
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  let answer: IncomingMessage;
  try {
    answer = await answered(request, body, proxy);
  } catch (error) {
    if ((error as { readonly statusCode?: unknown }).statusCode === ASKS_WHO) return whoAreYou(proxy);
    throw error;
  }
  const { statusCode: status = 200, headers } = answer;
  const leads = headers.location !== undefined && REDIRECTS.has(status) && request.redirect !== "manual";
  if (!leads && status !== ASKS_WHO) return responseOf(answer, status);
  answer.destroy();
  return leads
    ? redirected(request, body, status, new URL(headers.location!, request.url))
    : whoAreYou(proxy);
}

function answered(request: Request, body: Uint8Array | undefined, proxy: string): Promise<IncomingMessage> {
  const { url, method, signal } = request;
  const secure = url.startsWith("https:");
  const { request: send } = nodeModule(secure ? "node:https" : "node:http")!;
  // What is not packed need not be unpacked.
  const headers = { "accept-encoding": "identity", ...Object.fromEntries(request.headers) };
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, headers, signal, agent: agentFor(secure, proxy) });
    sent.once("error", reject);
    sent.once("response", resolve);
    sent.end(body);
  });
}

/** Connections are kept and used again, so there is one agent for each proxy. They hold no process open. */
const agents = new Map<string, Agent>();

function agentFor(secure: boolean, proxy: string): Agent {
  const name = `${secure} ${proxy}`;
  const { Agent: MadeAgent } = nodeModule(secure ? "node:https" : "node:http")!;
  const agent =
    agents.get(name) ??
    new MadeAgent({ keepAlive: true, proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } });
  agents.set(name, agent);
  return agent;
}

/** The refusal of the proxy itself, in the form of a provider's. */
function whoAreYou(proxy: string): Response {
  const message = `the proxy ${new URL(proxy).host} asks for a user and a password, or knows others`;
  return Response.json({ error: { message } }, { status: ASKS_WHO });
}

function responseOf(answer: IncomingMessage, status: number): Response {
  const { statusMessage: statusText = "", rawHeaders } = answer;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  if (EMPTY.has(status)) answer.resume();
  const body = EMPTY.has(status) ? null : nodeModule("node:stream")!.Readable.toWeb(answer);
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, {
    status,
    statusText,
    headers,
  });
}

/** As browsers do: what was posted becomes a question, and keys stay with the server that they are for. */
function redirected(request: Request, body: Uint8Array | undefined, status: number, to: URL): Request {
  const headers = new Headers(request.headers);
  const asks = status === 303 || (status < 303 && request.method === "POST");
  if (asks) for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  if (to.origin !== new URL(request.url).origin) {
    for (const name of ["authorization", "cookie", "x-api-key", "api-key"]) headers.delete(name);
  }
  const { signal, redirect, method } = request;
  const sent = asks ? { method: "GET" } : { method, ...(body && { body: body as Uint8Array<ArrayBuffer> }) };
  return new Request(to, { ...sent, headers, signal, redirect });
}

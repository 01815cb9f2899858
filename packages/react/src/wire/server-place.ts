/** Where a server is, and how it is called. */

import { parsed } from "../platform/json.ts";
import { systemFetch } from "../platform/request.ts";

/** How requests are made. */
export interface ServerPlace {
  /** What stands before the paths of its doors, like `https://runs.example.com`. Default: the page's own server. */
  readonly url?: string | undefined;
  /** Sent with each request, like `authorization`; a function is asked each time. */
  readonly headers?: HeadersInit | (() => HeadersInit);
  /** Whether cookies go along. Default: to the page's own server. */
  readonly credentials?: RequestCredentials;
  /** Makes the requests. Default: the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A request that the server did not grant. */
export interface ServerProblem {
  readonly status: number;
  /** Stable, like `ORCH_INVALID_ANSWER`; absent where the answer was none of Orch's. */
  readonly code?: string | undefined;
  readonly message: string;
}

/** Thrown by calls that the server did not grant. */
export class ServerCallError extends Error implements ServerProblem {
  readonly status: number;
  readonly code: string | undefined;

  constructor({ status, code, message }: ServerProblem) {
    super(message);
    this.name = "ServerCallError";
    this.status = status;
    this.code = code;
  }
}

/** Makes one request; with a `body` it is a post of JSON. */
export function request(
  place: ServerPlace,
  path: string,
  init: RequestInit = {},
  body?: unknown,
): Promise<Response> {
  const { url = "", headers: given, credentials, fetch = systemFetch } = place;
  const headers = new Headers(typeof given === "function" ? given() : given);
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  if (body !== undefined) headers.set("content-type", "application/json");
  const posted = body !== undefined && { method: "POST", body: JSON.stringify(body) };
  return fetch(url + path, { ...init, ...posted, headers, ...(credentials && { credentials }) });
}

/** Gives a response that the server granted. @throws ServerCallError */
export async function granted(asked: Response | Promise<Response>): Promise<Response> {
  const response = await asked;
  if (response.ok) return response;
  throw new ServerCallError(await problemOf(response));
}

/** Posts a value as JSON. @throws ServerCallError */
export async function post(place: ServerPlace, path: string, body: unknown): Promise<void> {
  await (await granted(request(place, path, {}, body))).body?.cancel();
}

/** Reads what the server says of a request that it did not grant. */
export async function problemOf(response: Response): Promise<ServerProblem> {
  const { status } = response;
  const text = await response.text().catch(() => "");
  const { code, title, detail } = parsed<{ readonly [name: string]: string }>(text) ?? {};
  // A page of HTML is what frameworks and proxies show to people who debug them.
  const plain = /^\s*</.test(text) ? "" : text;
  const said = [title, detail].filter(Boolean).join(" ") || plain || `The server answered with ${status}.`;
  return { status, code, message: said };
}

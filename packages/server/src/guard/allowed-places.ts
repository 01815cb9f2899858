/** From where a server may be called: its own names, and the origins of pages. */
import { ServerRefusedError } from "../errors/server-refused-error.ts";

/** What is allowed. */
export interface AllowedPlacesOptions {
  readonly hosts: readonly string[] | "any" | undefined;
  readonly origins: readonly string[] | "any" | undefined;
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** What a page may send and read. */
const HEADERS = {
  "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
  "access-control-allow-headers":
    "authorization, content-type, accept, last-event-id, mcp-session-id, mcp-protocol-version, a2a-version",
  "access-control-expose-headers": "mcp-session-id, x-vercel-ai-ui-message-stream, retry-after",
  "access-control-max-age": "600",
};

/** Checks where requests come from, and says so in answers. */
export class AllowedPlaces {
  readonly #hosts: ReadonlySet<string> | undefined;
  readonly #origins: ReadonlySet<string> | undefined;

  constructor({ hosts = LOCAL, origins = [] }: AllowedPlacesOptions) {
    this.#hosts = hosts === "any" ? undefined : new Set(hosts.map((host) => host.toLowerCase()));
    this.#origins = origins === "any" ? undefined : new Set(origins.map((origin) => origin.toLowerCase()));
  }

  /** @throws ServerRefusedError (403). */
  check(request: Request): void {
    const { host, hostname } = new URL(request.url);
    if (this.#hosts !== undefined && !this.#hosts.has(host) && !this.#hosts.has(hostname))
      throw new ServerRefusedError({ status: 403, problem: "it came to a host that this server is not" });
    const origin = request.headers.get("origin");
    if (origin !== null && !this.#isOwn(origin, request) && !this.#isAllowed(origin))
      throw new ServerRefusedError({ status: 403, problem: "it came from an origin that may not call" });
  }

  /** The answer to a browser's question whether a page may call. */
  preflight(request: Request): Response {
    return this.marked(new Response(null, { status: 204, headers: HEADERS }), request.headers.get("origin"));
  }

  /** An answer that the page may read. */
  marked(response: Response, origin: string | null): Response {
    if (origin === null) return response;
    const headers = new Headers(response.headers);
    headers.append("vary", "origin");
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", HEADERS["access-control-expose-headers"]);
    const { status, statusText } = response;
    return new Response(response.body, { status, statusText, headers });
  }

  #isAllowed(origin: string): boolean {
    return this.#origins === undefined || this.#origins.has(origin.toLowerCase());
  }

  /** A page that this server itself served. */
  #isOwn(origin: string, request: Request): boolean {
    return URL.canParse(origin) && new URL(origin).origin === new URL(request.url).origin;
  }
}

/** A little OAuth server and an MCP server that it guards, on two ports of the loopback. */
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { serve } from "./loopback.ts";

interface Grant {
  readonly challenge: string;
  readonly redirect: string;
  readonly client: string;
  readonly scope: string;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const piece of request) text += piece;
  return request.headers["content-type"]?.includes("json")
    ? new URLSearchParams({ json: text })
    : new URLSearchParams(text);
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  void response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));

/** Starts both. Codes are good once, refresh tokens too. */
export async function guardedServer() {
  const clients = new Map<string, readonly string[]>();
  const grants = new Map<string, Grant>();
  const access = new Map<string, string>();
  const refresh = new Map<string, string>();
  const log: string[] = [];
  let mcpUrl = "";
  /** Whether the server of logins answers nothing, and a wait for the next request that it leaves open. */
  const silence = {
    silent: false,
    asked: (): Promise<void> => new Promise((resolve) => waiting.push(resolve)),
  };
  const waiting: (() => void)[] = [];
  const tokens = (scope: string) => {
    const [token, next] = [`at-${randomUUID()}`, `rt-${randomUUID()}`];
    access.set(token, scope);
    refresh.set(next, scope);
    return { access_token: token, token_type: "Bearer", expires_in: 3600, refresh_token: next, scope };
  };
  const grantTokens = (form: URLSearchParams): object | undefined => {
    if (form.get("grant_type") === "refresh_token") {
      const scope = refresh.get(form.get("refresh_token") ?? "");
      refresh.delete(form.get("refresh_token") ?? "");
      return scope === undefined ? undefined : tokens(scope);
    }
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const hash = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (grant === undefined || hash !== grant.challenge) return undefined;
    return grant.redirect === form.get("redirect_uri") && grant.client === form.get("client_id")
      ? tokens(grant.scope)
      : undefined;
  };
  const issuer: RequestListener = async (request, response) => {
    const url = new URL(request.url ?? "", oauth.url);
    const what = `${request.method} ${url.pathname}`;
    log.push(`${what} ${request.headers["x-key"] ?? ""}`.trim());
    if (silence.silent) {
      for (const told of waiting.splice(0)) told();
      return;
    }
    if (url.pathname.startsWith("/.well-known/oauth-authorization-server")) {
      return json(response, 200, {
        issuer: oauth.url,
        authorization_endpoint: `${oauth.url}/authorize`,
        token_endpoint: `${oauth.url}/token`,
        registration_endpoint: `${oauth.url}/register`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["none"],
        authorization_response_iss_parameter_supported: true,
      });
    }
    if (what === "POST /register") {
      const about = JSON.parse((await formOf(request)).get("json") ?? "{}");
      const id = `client-${clients.size + 1}`;
      clients.set(id, about.redirect_uris);
      return json(response, 201, { ...about, client_id: id });
    }
    if (what === "GET /authorize") {
      const asked = url.searchParams;
      const redirect = asked.get("redirect_uri") ?? "";
      if (!clients.get(asked.get("client_id") ?? "")?.includes(redirect)) return json(response, 400, {});
      const code = randomUUID();
      const scope = asked.get("scope") ?? "read";
      const client = asked.get("client_id") ?? "";
      grants.set(code, { challenge: asked.get("code_challenge") ?? "", redirect, client, scope });
      const back = new URLSearchParams({ code, state: asked.get("state") ?? "", iss: oauth.url });
      return void response.writeHead(302, { location: `${redirect}?${back}` }).end();
    }
    if (what === "POST /token") {
      const form = await formOf(request);
      log.push(String(form.get("grant_type")));
      const given = grantTokens(form);
      return given === undefined
        ? json(response, 400, { error: "invalid_grant" })
        : json(response, 200, given);
    }
    return json(response, 404, {});
  };
  const oauth = await serve(issuer);
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: "guarded", version: "1" });
      const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
      server.registerTool("hi", { description: "Greets." }, () => text("hi"));
      server.registerTool("erase", { description: "Needs more." }, () => text("erased"));
      return server;
    }),
  ) as RequestListener;
  const mcp = await serve(async (request, response) => {
    const metadata = `${mcp.url}/.well-known/oauth-protected-resource/mcp`;
    if (request.url?.startsWith("/.well-known/oauth-protected-resource")) {
      return json(response, 200, {
        resource: mcpUrl,
        authorization_servers: [oauth.url],
        scopes_supported: ["read"],
      });
    }
    const scope = access.get(request.headers.authorization?.replace("Bearer ", "") ?? "");
    if (scope === undefined) {
      const challenge = { "www-authenticate": `Bearer resource_metadata="${metadata}"` };
      return json(response, 401, { error: "no token" }, challenge);
    }
    if (request.headers["mcp-name"] === "erase" && !scope.includes("write")) {
      const challenge = `Bearer error="insufficient_scope", scope="read write", resource_metadata="${metadata}"`;
      return json(response, 403, { error: "insufficient_scope" }, { "www-authenticate": challenge });
    }
    return handler(request, response);
  });
  mcpUrl = `${mcp.url}/mcp`;
  return {
    url: mcpUrl,
    /** What came in at the OAuth server: requests, and the kinds of grants. */
    log,
    oauth: silence,
    /** Makes all access tokens too old, and all refresh tokens too if `all`. */
    expire: (all = false) => {
      access.clear();
      if (all) refresh.clear();
    },
  };
}

/** What a person does: opens the address, and the browser follows where it leads. */
export async function browse(url: string): Promise<number> {
  return (await fetch(url)).status;
}

/** The plain door: every call as JSON over HTTP, described by an OpenAPI document. */
import { ServerMethodError } from "../errors/server-method-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { jsonObject } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import type { Door, DoorCall } from "../words/door.ts";
import { matchedRoute } from "./json-route.ts";
import { jsonRoutes } from "./json-routes.ts";
import { openApi } from "./open-api.ts";

/** How the door is mounted. */
export interface JsonDoorOptions {
  /** Default `/v1`. */
  readonly path?: string;
  /** The title of its OpenAPI document. Default `Orch`. */
  readonly title?: string;
}

/** Makes the door. Its OpenAPI 3.1 document is at `<path>/openapi.json`. */
export function json({ path = "/v1", title = "Orch" }: JsonDoorOptions = {}): Door {
  return { name: "json", path, handle: (call) => handle(call, { path, title }) };
}

async function handle(
  call: DoorCall,
  { path, title }: Required<JsonDoorOptions>,
): Promise<Response | undefined> {
  const { request, url, limits } = call;
  if (call.path === "/openapi.json" && request.method === "GET")
    return jsonResponse(openApi(jsonRoutes, { path, title, call }));
  const matched = jsonRoutes.flatMap((route) => matchedRoute(route, call.path) ?? []);
  if (matched.length === 0) return undefined;
  const found = matched.find(({ route }) => route.method === request.method);
  if (found === undefined)
    throw new ServerMethodError({
      method: request.method,
      allowed: matched.map(({ route }) => route.method),
    });
  const { route, names } = found;
  const query: { [name: string]: string } = {};
  for (const name of Object.keys(route.query ?? {})) {
    const value = url.searchParams.get(name);
    if (value !== null) query[name] = value;
  }
  const body = route.body === undefined ? {} : await jsonObject(request, limits.body);
  for (const name of route.body?.required ?? [])
    if (!Object.hasOwn(body, name)) throw new ServerRequestError({ problem: `its body has no "${name}"` });
  const given = await route.answer(call, { names, query, body });
  return given === undefined
    ? new Response(null, { status: 204 })
    : jsonResponse(given, { status: route.status });
}

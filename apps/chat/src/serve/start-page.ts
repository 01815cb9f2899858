/** What a server says at `/`: who opens its address in a browser finds its doors. */
import { type Door, type GuardedServer, jsonResponse } from "@orch/server";
import { version } from "../process/version.ts";

const DOCS = "https://github.com/orch-ts/orch/blob/main/docs/server.md";

/** Answers `GET /` with the doors of the server, by their names; everything else is the server's. */
export function withStartPage(server: GuardedServer, doors: readonly Door[]): GuardedServer {
  const paths = Object.fromEntries(doors.map(({ name, path }) => [name, path]));
  const page = { orch: version, doors: paths, openapi: `${paths["json"]}/openapi.json`, docs: DOCS };
  return {
    fetch: async (request) =>
      request.method === "GET" && new URL(request.url).pathname === "/"
        ? jsonResponse(page)
        : server.fetch(request),
  };
}

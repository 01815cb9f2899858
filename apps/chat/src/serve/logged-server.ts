/** A line for each request: what was asked for and what became of it, and nothing of what was said. */
import type { Clock } from "@orch/core";
import type { GuardedServer } from "@orch/server";

/** Where lines go. */
export interface RequestLog {
  readonly clock: Clock;
  readonly told: (
    line: string,
    facts: { readonly method: string; readonly path: string; readonly status: number; readonly ms: number },
  ) => void;
}

/** Puts the log around a server. A stream is told of when it begins. */
export function loggedServer(server: GuardedServer, { clock, told }: RequestLog): GuardedServer {
  return {
    fetch: async (request) => {
      const begun = clock.now();
      const response = await server.fetch(request);
      const { method, url } = request;
      // What follows the question mark may hold what somebody typed.
      const path = new URL(url).pathname;
      const ms = clock.now() - begun;
      told(`${method} ${path} ${response.status} ${ms} ms`, { method, path, status: response.status, ms });
      return response;
    },
  };
}

/** What stands before a server: who may call at all, from where, and how often. */
import type { Clock } from "@orch/core";
import { COUNT, checkNumbers, systemClock } from "@orch/core/doors";
import { ServerLimitError } from "../errors/server-limit-error.ts";
import { ServerRefusedError } from "../errors/server-refused-error.ts";
import { problemResponse } from "../web/problem-response.ts";
import { AllowedPlaces } from "./allowed-places.ts";
import { RateGuard } from "./rate-guard.ts";
import { tokenCheck } from "./token-check.ts";

/** What a guard lets in. */
export interface GuardOptions {
  /**
   * The names by which the server may be called, like `example.org`, with or without a port. Default: `localhost`, `127.0.0.1` and
   * `[::1]`, so that no page can reach a local server under a name of its own (DNS rebinding). `"any"` checks nothing.
   */
  readonly hosts?: readonly string[] | "any";
  /**
   * The origins of pages that may call, like `https://example.org`. Default: none but pages of the server itself. They are told so
   * by CORS headers. `"any"` lets in all, and goes well with a token only.
   */
  readonly origins?: readonly string[] | "any";
  /** The tokens of which one has to come as `Authorization: Bearer`. Default: none is asked for. */
  readonly tokens?: readonly string[];
  /** How many requests a caller may make in a minute. A caller is a token, else all are one. Default: any number. */
  readonly perMinute?: number;
  readonly clock?: Clock;
}

/** A server, or a guard around one: anything that answers a request. */
export interface GuardedServer {
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Puts a guard around a server.
 *
 * @example
 * ```ts
 * const safe = guard(createServer({ ... }), { hosts: ["api.example.org"], origins: ["https://example.org"], tokens: [token] });
 * ```
 */
export function guard(server: GuardedServer, options: GuardOptions = {}): GuardedServer {
  const { clock = systemClock, hosts, origins, tokens, perMinute } = options;
  if (perMinute !== undefined) checkNumbers(COUNT, { perMinute });
  const places = new AllowedPlaces({ hosts, origins });
  const callerOf = tokenCheck(tokens);
  const rate = perMinute === undefined ? undefined : new RateGuard(perMinute, clock);
  return {
    fetch: async (request) => {
      const origin = request.headers.get("origin");
      try {
        places.check(request);
        // A browser asks before it sends a token, and sends none with the question.
        if (request.method === "OPTIONS" && request.headers.has("access-control-request-method"))
          return places.preflight(request);
        const caller = await callerOf(request);
        const wait = rate?.waitOf(caller) ?? 0;
        if (wait > 0)
          throw new ServerLimitError({ what: "requests a minute", limit: perMinute!, retryAfter: wait });
        return places.marked(await server.fetch(request), origin);
      } catch (error) {
        const refused = problemResponse(error);
        return error instanceof ServerRefusedError && error.facts.status === 403
          ? refused
          : places.marked(refused, origin);
      }
    },
  };
}

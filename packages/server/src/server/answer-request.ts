/** One request: who calls, through which door, and what becomes of a failure. */
import type { Clock } from "@orch/core";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { problemResponse } from "../web/problem-response.ts";
import { statusOf } from "../web/status-of.ts";
import type { Door, DoorCall, ServerLimits } from "../words/door.ts";
import type { Principal } from "../words/principal.ts";
import type { Conversations } from "../words/public-conversation.ts";
import type { Runs } from "../words/public-run.ts";
import type { Drain } from "./drain.ts";

/** What answering needs of a server. */
export interface AnswerParts {
  readonly options: {
    readonly doors: readonly Door[];
    readonly principal?: (request: Request) => Principal | Response | Promise<Principal | Response>;
    readonly onError?: (error: unknown, request: Request) => void;
  };
  readonly limits: ServerLimits;
  readonly clock: Clock;
  readonly drain: Drain;
  readonly runs: (principal?: Principal) => Runs;
  readonly conversations: (principal?: Principal) => Conversations;
}

/** Answers a request. It never rejects. */
export async function answerRequest(request: Request, parts: AnswerParts): Promise<Response> {
  const url = new URL(request.url);
  const { door, path } = doorFor(url.pathname, parts.options.doors);
  try {
    if (door === undefined) throw new ServerUnknownError({ what: "path", id: url.pathname });
    const principal = await parts.options.principal?.(request);
    if (principal instanceof Response) return principal;
    const { runs, conversations, clock, limits, drain } = parts;
    const call: DoorCall = {
      ...{ request, url, path, clock, limits },
      ...(principal && { principal }),
      runs: runs(principal),
      conversations: conversations(principal),
      signal: AbortSignal.any([request.signal, drain.signal]),
    };
    const response = await door.handle(call);
    if (response === undefined) throw new ServerUnknownError({ what: "path", id: url.pathname });
    return response;
  } catch (error) {
    if (statusOf(error) === undefined) tell(parts, error, request);
    return answerTo(error, { request, url, path }, door);
  }
}

/** A failure in the form of its door; a door that fails at this too is answered for. */
function answerTo(
  error: unknown,
  call: Pick<DoorCall, "request" | "url" | "path">,
  door: Door | undefined,
): Response {
  try {
    return door?.failed?.(error, call) ?? problemResponse(error);
  } catch {
    return problemResponse(error);
  }
}

function tell({ options }: AnswerParts, error: unknown, request: Request): void {
  try {
    options.onError?.(error, request);
  } catch {
    // Who is told of failures may fail; the client is answered all the same.
  }
}

/** The door with the longest path that the address begins with. */
function doorFor(pathname: string, doors: readonly Door[]): { readonly door?: Door; readonly path: string } {
  let found: Door | undefined;
  for (const door of doors) {
    if (pathname !== door.path && !pathname.startsWith(`${door.path}/`)) continue;
    if (found === undefined || door.path.length > found.path.length) found = door;
  }
  if (found === undefined) return { path: pathname };
  return { door: found, path: pathname.slice(found.path.length) || "/" };
}

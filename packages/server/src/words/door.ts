/** A door: one protocol through which clients reach runs and conversations. */
import type { Clock } from "@orch/core";
import type { Principal } from "./principal.ts";
import type { Conversations } from "./public-conversation.ts";
import type { Runs } from "./public-run.ts";

/** What a door is given for one request. All of it is of the request's principal. */
export interface DoorCall {
  readonly request: Request;
  /** The address of the request. */
  readonly url: URL;
  /** What follows the path of the door, with its slash: `/` for the door itself. */
  readonly path: string;
  /** Who calls; absent where the server has no `principal`. */
  readonly principal?: Principal;
  readonly runs: Runs;
  readonly conversations: Conversations;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  /** Aborts when the client has gone or the server stops: it ends what is read, and stops no run. */
  readonly signal: AbortSignal;
}

/** Translates between one protocol and the calls of {@link Runs} and {@link Conversations}. It keeps nothing between two requests. */
export interface Door {
  /** Shown in logs, like `sse`. */
  readonly name: string;
  /** Where it is mounted, like `/sse`; without a slash at its end. */
  readonly path: string;
  /** Answers a request below its path; `undefined` for a path that it does not know, which becomes a 404. */
  readonly handle: (call: DoorCall) => Promise<Response | undefined>;
  /** Makes a failure an answer in the protocol's own form. Default: {@link https://www.rfc-editor.org/rfc/rfc9457 problem details}. */
  readonly failed?: (
    error: unknown,
    call: Pick<DoorCall, "request" | "url" | "path">,
  ) => Response | undefined;
}

/** How much a server takes on. */
export interface ServerLimits {
  /** The largest body of a request, in bytes. Default 1,048,576. */
  readonly body: number;
  /** How many runs and turns one principal may have going at once. Default 100. */
  readonly running: number;
  /** How many streams one principal may read at once. Default 100. */
  readonly streams: number;
  /** How many bytes wait for a slow reader of a stream before the stream is not filled on. Default 65,536. */
  readonly waiting: number;
  /** How often a stream without events sends a comment, in milliseconds. Default 15,000. */
  readonly keepAlive: number;
}

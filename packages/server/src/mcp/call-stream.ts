import { replyFrame } from "../reply/json-rpc.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { CallReading } from "./call-reading.ts";
import type { McpOutcome, McpRequest } from "./mcp-request.ts";
import { eventOf, progressFrame } from "./rpc-frame.ts";
import { statelessOutcome } from "./stateless-words.ts";

/** What a stream needs of its call. */
export interface CallStreamParts {
  readonly toOutcome: (end: ReplyEnd) => McpOutcome;
  /** Ends the reading. */
  readonly stop: () => void;
}

/**
 * The stream of one call: how far it is, then its result. A client that closes it has cancelled the call, and so its run: the
 * protocol says so, and has tasks for calls that are to go on. A server that stops cancels nothing.
 */
export function callStream(
  request: McpRequest,
  run: string,
  calling: CallReading,
  parts: CallStreamParts,
): Response {
  const { call } = request;
  const { clock, limits } = call;
  let isDone = false;
  async function* frames(): AsyncGenerator<ServerSentEvent, void, undefined> {
    let progress = 0;
    for await (const piece of calling.rest()) {
      if (piece.type === "end") {
        isDone = piece.status !== "parked" || !call.request.signal.aborted;
        yield eventOf(replyFrame(request.id, statelessOutcome(request, parts.toOutcome(piece))));
        return;
      }
      if (piece.type === "line") yield eventOf(piece.frame);
      const frame = piece.type === "state" ? progressFrame(request.params, ++progress, piece) : undefined;
      if (frame !== undefined) yield eventOf(frame);
    }
  }
  const ended = (): void => {
    parts.stop();
    if (!isDone) void call.runs.cancel(run, "the client closed the call").catch(() => {});
  };
  return eventStream(frames(), { clock, ...limits, ended });
}

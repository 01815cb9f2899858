/**
 * Resources that a client of a session watches: it says which, and hears of changes on the stream of its session, which it opens
 * by a GET.
 *
 * Source: https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
 */
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import { ChangedKeys } from "./changed-keys.ts";
import { unfitParams } from "./faults.ts";
import { logLevel } from "./log-lines.ts";
import type { McpMethod } from "./mcp-request.ts";
import { isResource, unknownResource } from "./resources.ts";
import { eventOf } from "./rpc-frame.ts";
import type { SessionParts } from "./session-calls.ts";
import { watchResource } from "./watched-resource.ts";

const NO_SESSION = "There is no session. Greet the server first.";

const subscribe: McpMethod = async (request) => {
  const { call, params, notes, session } = request;
  const { uri } = params;
  if (typeof uri !== "string" || uri.length > 2000) return unfitParams("The uri is no text.");
  if (session === undefined) return unfitParams(NO_SESSION);
  if (!(await isResource(request, uri))) return unknownResource(request, uri);
  notes.of(call, session).watch(uri);
  return { result: {} };
};

const unsubscribe: McpMethod = async ({ call, params, notes, session }) => {
  const { uri } = params;
  if (typeof uri !== "string") return unfitParams("The uri is no text.");
  if (session === undefined) return unfitParams(NO_SESSION);
  notes.of(call, session).leave(uri);
  return { result: {} };
};

const setLevel: McpMethod = async ({ call, params, notes, session }) => {
  const level = logLevel(params["level"]);
  if (level === undefined) return unfitParams("The level is none of the protocol's.");
  if (session === undefined) return unfitParams(NO_SESSION);
  notes.of(call, session).level = level;
  return { result: {} };
};

/** What a client of a session says once for all that follows. */
export const noteMethods: { readonly [method: string]: McpMethod } = {
  "resources/subscribe": subscribe,
  "resources/unsubscribe": unsubscribe,
  "logging/setLevel": setLevel,
};

/** The stream of a session. A new one takes the place of the one before. */
export function changesOfSession(
  { call, settings, notes, streams }: SessionParts,
  session: string,
): Response {
  const close = streams.open(call);
  const note = notes.of(call, session);
  const changes = new ChangedKeys();
  const reading = new AbortController();
  const signal = AbortSignal.any([call.signal, reading.signal]);
  const watching = new Map<string, AbortController>();
  const stream = {
    watch: (uri: string): void => {
      const one = new AbortController();
      watching.set(uri, one);
      const until = AbortSignal.any([signal, one.signal]);
      void watchResource(call, settings, uri, () => changes.add(uri), until).catch(() => {});
    },
    leave: (uri: string): void => {
      watching.get(uri)?.abort();
      watching.delete(uri);
      changes.delete(uri);
    },
  };
  for (const uri of note.uris) {
    stream.watch(uri);
    // What changed before there was a stream was told to nobody.
    changes.add(uri);
  }
  note.stream = stream;
  const ended = (): void => {
    close();
    reading.abort();
    if (note.stream === stream) note.stream = undefined;
  };
  return eventStream(framesOf(changes.read(signal)), { clock: call.clock, ...call.limits, ended });
}

async function* framesOf(
  changed: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  for await (const uri of changed)
    yield eventOf({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri } });
}

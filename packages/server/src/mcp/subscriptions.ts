/**
 * `subscriptions/listen` of 2026: a stream that tells which resources changed, and where tasks are. Nothing of it is kept: a client
 * whose stream broke asks again.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { replyFrame } from "../reply/json-rpc.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import { ChangedKeys } from "./changed-keys.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod, McpRequest } from "./mcp-request.ts";
import { eventOf } from "./rpc-frame.ts";
import { statelessOutcome } from "./stateless-words.ts";
import { detailedTask } from "./tasks.ts";
import { watchResource, watchRun } from "./watched-resource.ts";

const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
/** How many resources and tasks one stream may tell of. */
const MOST = 100;

/** What a client wants to hear of. */
interface Wanted {
  readonly uris: readonly string[];
  readonly tasks: readonly string[];
}

/** Opens the stream. */
export const listenToChanges: McpMethod = async (request) => {
  const { call, params, streams } = request;
  const wanted = wantedIn(params);
  if (wanted === undefined) return unfitParams("notifications is no object with lists of texts.");
  if (wanted.uris.length + wanted.tasks.length > MOST)
    return unfitParams(`A stream tells of ${MOST} resources and tasks at most.`);
  const close = streams.open(call);
  const reading = new AbortController();
  const signal = AbortSignal.any([call.signal, reading.signal]);
  const ended = (): void => {
    close();
    reading.abort();
  };
  try {
    const changes = new ChangedKeys();
    const heard = await watched(request, wanted, changes, signal);
    const frames = framesOf(request, heard, changes.read(signal));
    return { response: eventStream(frames, { clock: call.clock, ...call.limits, ended }) };
  } catch (error) {
    ended();
    throw error;
  }
};

/** Watches what is there; what is not there is left out, and the client is told so by what is confirmed. */
async function watched(
  { call, settings, abilities }: McpRequest,
  { uris, tasks }: Wanted,
  changes: ChangedKeys,
  signal: AbortSignal,
): Promise<Wanted> {
  const heard: { readonly uris: string[]; readonly tasks: string[] } = { uris: [], tasks: [] };
  for (const uri of new Set(uris)) {
    const isThere = await watchResource(call, settings, uri, () => changes.add(`r${uri}`), signal);
    if (isThere) heard.uris.push(uri);
  }
  for (const task of abilities.tasks ? new Set(tasks) : []) {
    // What happened before the stream is told too, because nobody knows what the client has seen.
    changes.add(`t${task}`);
    if (await watchRun(call, task, () => changes.add(`t${task}`), signal)) heard.tasks.push(task);
    else changes.delete(`t${task}`);
  }
  return heard;
}

async function* framesOf(
  request: McpRequest,
  { uris, tasks }: Wanted,
  changed: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { call, id } = request;
  const _meta = { [SUBSCRIPTION]: id };
  const frame = (method: string, params: object): ServerSentEvent =>
    eventOf({ jsonrpc: "2.0", method, params: { ...params, _meta } });
  const notifications = {
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
    ...(tasks.length > 0 && { taskIds: tasks }),
  };
  yield frame("notifications/subscriptions/acknowledged", { notifications });
  const told = new Map<string, string>();
  for await (const key of changed) {
    const name = key.slice(1);
    if (key.startsWith("r")) {
      yield frame("notifications/resources/updated", { uri: name });
      continue;
    }
    const { lastUpdatedAt, ...task } = await detailedTask(call, await call.runs.describe(name));
    const text = JSON.stringify(task);
    if (told.get(name) === text) continue;
    told.set(name, text);
    yield frame("notifications/tasks", { ...task, lastUpdatedAt });
  }
  // The server stops: a stream that is ended well has its result.
  if (!call.request.signal.aborted) {
    const ended = statelessOutcome(request, { result: {} });
    const meta = "result" in ended ? (ended.result as { readonly _meta?: object })._meta : {};
    const result = { resultType: "complete", _meta: { ...meta, ..._meta } };
    yield eventOf(replyFrame(id, { result }));
  }
}

function wantedIn({ notifications }: JsonObject): Wanted | undefined {
  if (!isObject(notifications)) return undefined;
  const { resourceSubscriptions: uris = [], taskIds: tasks = [] } = notifications;
  return isTexts(uris) && isTexts(tasks) ? { uris, tasks } : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text.length <= 2000);
}

/**
 * The OpenAI APIs: every chat and every orchestration is a model.
 *
 *     GET  <path>/v1/models             GET <path>/v1/models/{model}
 *     POST <path>/v1/chat/completions   POST <path>/v1/chat/completions/{id}/cancel
 *     POST <path>/v1/responses          GET <path>/v1/responses/{id}   POST <path>/v1/responses/{id}/cancel
 *     POST <path>/v1/conversations      GET <path>/v1/conversations/{id}
 *
 * The `/v1` may be left out. A client that leaves stops nothing; what it started is found by its id.
 */
import { isOrchError, type Random } from "@orch/core";
import { systemRandom } from "@orch/core/doors";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { cancelCompletion, createCompletion } from "../openai/chat-completions.ts";
import { createConversation, retrieveConversation } from "../openai/conversations.ts";
import { failed, failureType } from "../openai/failed.ts";
import { modelObject, servedModels } from "../openai/model-list.ts";
import { failureBody } from "../openai/reply-failure.ts";
import { modelNamed } from "../openai/request-body.ts";
import { cancelResponse, createResponse, retrieveResponse } from "../openai/responses.ts";
import type { JsonObject } from "../reply/json-object.ts";
import { decoded } from "../web/decoded.ts";
import { jsonObject } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { problemOf } from "../web/problem-response.ts";
import type { Door, DoorCall } from "../words/door.ts";

/** How the door is mounted. */
export interface OpenaiDoorOptions {
  /** Default `/openai`: the base URL of a client is `<server>/openai/v1`. */
  readonly path?: string;
  /** Makes the ids of conversations. Default: the chance of the machine. */
  readonly random?: Random;
}

type Act = (call: DoorCall, id: string, random: Random) => Promise<Response>;
type Row = readonly [method: "GET" | "POST", path: RegExp, act: Act];

const bodyOf = (call: DoorCall): Promise<JsonObject> =>
  jsonObject(call.request, call.limits.body) as Promise<JsonObject>;

const ROWS: readonly Row[] = [
  [
    "GET",
    /^\/models$/,
    async (call) => jsonResponse({ object: "list", data: servedModels(call).map(modelObject) }),
  ],
  ["GET", /^\/models\/(.+)$/, async (call, name) => jsonResponse(modelObject(modelNamed(call, name)))],
  ["POST", /^\/chat\/completions$/, async (call) => createCompletion(call, await bodyOf(call))],
  ["POST", /^\/chat\/completions\/([^/]+)\/cancel$/, cancelCompletion],
  ["POST", /^\/responses$/, async (call) => createResponse(call, await bodyOf(call))],
  ["GET", /^\/responses\/([^/]+)$/, retrieveResponse],
  ["POST", /^\/responses\/([^/]+)\/cancel$/, cancelResponse],
  ["POST", /^\/conversations$/, async (call, _, random) => createConversation(call, random)],
  ["GET", /^\/conversations\/([^/]+)$/, retrieveConversation],
];

/** Makes the door. */
export function openai({ path = "/openai", random = systemRandom }: OpenaiDoorOptions = {}): Door {
  return { name: "openai", path, handle: (call) => handle(call, random), failed: failure };
}

async function handle(call: DoorCall, random: Random): Promise<Response | undefined> {
  const path = call.path.replace(/^\/v1(?=\/)/, "");
  const { method } = call.request;
  const allowed: string[] = [];
  for (const [taken, pattern, act] of ROWS) {
    const found = pattern.exec(path);
    if (found === null) continue;
    if (taken === method) return act(call, decoded(found[1] ?? ""), random);
    allowed.push(taken);
  }
  if (allowed.length > 0) throw new ServerMethodError({ method, allowed });
  return undefined;
}

/** A failure of a request in the form of the APIs. */
function failure(error: unknown): Response {
  const { status, code, title, detail } = problemOf(error);
  const headers: { [name: string]: string } = {};
  if (isOrchError(error) && "retryAfter" in error.facts)
    headers["retry-after-ms"] = String(error.facts.retryAfter);
  if (isOrchError(error, "ORCH_SERVER_METHOD")) headers["allow"] = error.facts.allowed.join(", ");
  const message = detail === undefined ? title : `${title} ${detail}`;
  const told = status === 422 ? 400 : status;
  const known = code === "ORCH_SERVER_UNKNOWN" && isOrchError(error, code) && error.facts.what === "model";
  return failed(failureBody(failureType(told), known ? "model_not_found" : code, message), told, headers);
}

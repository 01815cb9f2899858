/**
 * The methods of the protocol as HTTP+JSON: an address and a verb for each, below the address of the agent.
 *
 * Source: https://a2a-protocol.org/v1.0.1/specification/, "HTTP+JSON/REST Protocol Binding".
 */
import type { Random } from "@orch/core";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { decoded } from "../web/decoded.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { statusOf } from "../web/status-of.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { a2aCall } from "./a2a-calls.ts";
import { thrownFault, unfitParams } from "./a2a-fault.ts";
import { otherVersion } from "./other-version.ts";
import { restFault } from "./rest-fault.ts";

type Row = readonly [verb: string, path: RegExp, method: string];

const ROWS: readonly Row[] = [
  ["POST", /^\/message:send$/, "SendMessage"],
  ["POST", /^\/message:stream$/, "SendStreamingMessage"],
  ["GET", /^\/tasks$/, "ListTasks"],
  ["GET", /^\/tasks\/([^/:]+)$/, "GetTask"],
  ["POST", /^\/tasks\/([^/:]+):cancel$/, "CancelTask"],
  ["GET", /^\/tasks\/([^/:]+):subscribe$/, "SubscribeToTask"],
  ["POST", /^\/tasks\/([^/:]+):subscribe$/, "SubscribeToTask"],
  ["GET", /^\/tasks\/([^/:]+)\/pushNotificationConfigs(?:\/[^/]+)?$/, "GetTaskPushNotificationConfig"],
  ["POST", /^\/tasks\/([^/:]+)\/pushNotificationConfigs$/, "CreateTaskPushNotificationConfig"],
  ["DELETE", /^\/tasks\/([^/:]+)\/pushNotificationConfigs\/[^/]+$/, "DeleteTaskPushNotificationConfig"],
  ["GET", /^\/extendedAgentCard$/, "GetExtendedAgentCard"],
];

/** The content type of results. */
const TYPE = "application/a2a+json";

/** Parameters of a query that are numbers, and that are flags. */
const NUMBERS = ["pageSize", "historyLength"];
const FLAGS = ["includeArtifacts"];

/** Answers a call at `path` below an agent; `undefined` where there is no such address. */
export async function restCall(
  call: DoorCall,
  agent: PublicOrchestration,
  path: string,
  random: Random,
): Promise<Response | undefined> {
  const rows = ROWS.filter(([, pattern]) => pattern.test(path));
  if (rows.length === 0) return undefined;
  const verb = call.request.method;
  const row = rows.find(([taken]) => taken === verb);
  if (row === undefined) throw new ServerMethodError({ method: verb, allowed: rows.map(([taken]) => taken) });
  try {
    const [, pattern, method] = row;
    const refused = otherVersion(call);
    if (refused !== undefined) return restFault(refused.fault);
    const params = await paramsOf(call, method);
    if (params === undefined) return restFault(unfitParams("The body is no object.").fault);
    const id = pattern.exec(path)?.[1];
    const named = id === undefined ? params : { ...params, id: decoded(id) };
    const frame = (result: object): object => result;
    const outcome = await a2aCall(method, { call, agent, frame, params: named, random });
    if ("response" in outcome) return outcome.response;
    if ("fault" in outcome) return restFault(outcome.fault);
    return jsonResponse(outcome.result, { headers: { "content-type": TYPE } });
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined) throw error;
    return restFault(thrownFault(error), status);
  }
}

/** What a call is given, by its body or its query; `undefined` for a body that is no object. */
async function paramsOf({ request, url, limits }: DoorCall, method: string): Promise<JsonObject | undefined> {
  if (method === "SendMessage" || method === "SendStreamingMessage") {
    const body = await jsonBody(request, limits.body);
    return isObject(body) ? body : undefined;
  }
  const read = ([name, text]: [string, string]): [string, string | number | boolean] => {
    if (NUMBERS.includes(name)) return [name, text === "" ? Number.NaN : Number(text)];
    return [name, FLAGS.includes(name) ? text === "true" : text];
  };
  return Object.fromEntries([...url.searchParams].map(read));
}

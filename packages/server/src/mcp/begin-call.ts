import { isOrchError } from "@orch/core";
import { answeredAt } from "../reply/answered-at.ts";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { jsonWord, listOfWord } from "../reply/json-word.ts";
import type { RunPlace } from "../reply/reply-place.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { unfitParams } from "./faults.ts";
import { giveAnswers } from "./given-answers.ts";
import type { McpOutcome, McpRequest } from "./mcp-request.ts";
import { toolInput } from "./tool-list.ts";
import { failedResult } from "./tool-result.ts";

/** A call whose run goes on, or what it comes to at once. */
export type BegunCall = { readonly place: RunPlace } | McpOutcome;

/** Starts the run of a call, or goes on with that of a call before, which asked something. */
export async function beginCall(
  request: McpRequest,
  offered: PublicOrchestration,
  id?: string,
): Promise<BegunCall> {
  const { params, call } = request;
  const { requestState, inputResponses = {}, arguments: args = {} } = params;
  if (!isObject(args)) return unfitParams("The arguments are no object.");
  if (!isObject(inputResponses)) return unfitParams("inputResponses is no object.");
  if (requestState !== undefined) return goOn(request, offered, inputResponses);
  try {
    const input = toolInput(offered, args);
    const run = await call.runs.start(offered.name, input, id === undefined ? {} : { id });
    return { place: { kind: "run", run, from: 0, again: 0 } };
  } catch (error) {
    // What the model of the client can mend, it is told as a result.
    if (isOrchError(error, "ORCH_SERVER_INPUT")) return { result: failedResult(error.message) };
    throw error;
  }
}

/**
 * What a client hands back with the answers: the run, where its reply began, and which key stands for which question. It leads
 * to a run of the client's own principal or to nothing.
 */
export function requestStateOf({ run, from }: RunPlace, keys: { readonly [key: string]: string }): string {
  return jsonWord([run, from, keys]);
}

async function goOn(
  { call, params }: McpRequest,
  { name }: PublicOrchestration,
  given: JsonObject,
): Promise<BegunCall> {
  const unknown = unfitParams("requestState is none that this server gave for this tool.");
  const { requestState } = params;
  const [run, from, keys] = (typeof requestState === "string" ? listOfWord(requestState) : undefined) ?? [];
  if (typeof run !== "string" || typeof from !== "number" || !isObject(keys)) return unknown;
  const place: RunPlace = { kind: "run", run, from, again: 0 };
  const picture = await call.runs.describe(run).catch((error: unknown) => {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return undefined;
    throw error;
  });
  if (picture?.orchestration !== name) return unknown;
  const shown = Object.values(keys).filter((id) => typeof id === "string");
  const open = picture.questions.filter(({ question }) => shown.includes(question));
  const { answered, declined } = await giveAnswers(call, run, open, byQuestion(given, keys));
  // What is not open any more was answered by somebody else.
  const gone = shown.filter((id) => !open.some(({ question }) => question === id));
  const over = [...answered, ...gone];
  if (over.length > 0) return { place: { ...place, from: await answeredAt(call, place, over) } };
  return declined.length === 0 ? { place } : { result: failedResult(declinedText(run)) };
}

/** The filled forms by the ids of their questions. */
function byQuestion(given: JsonObject, keys: JsonObject): JsonObject {
  const forms = Object.entries(keys).flatMap(([key, id]) => {
    const filled = Object.hasOwn(given, key) ? given[key] : undefined;
    return typeof id === "string" && filled !== undefined ? [[id, filled] as const] : [];
  });
  return Object.fromEntries(forms);
}

/** Said where a person did not want to answer. */
export function declinedText(run: string): string {
  return `The person did not answer. The run ${run} waits, and can be answered elsewhere or stopped.`;
}

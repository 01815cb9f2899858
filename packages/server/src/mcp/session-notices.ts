import { isOrchError } from "@orch/core";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import type { RpcMessage } from "../reply/json-rpc.ts";
import { callForm } from "./call-form.ts";
import { giveAnswers } from "./given-answers.ts";
import type { SessionParts } from "./session-calls.ts";
import { sessionRun } from "./session-run.ts";
import { askedQuestion, lastEventOf, sessionStream } from "./session-stream.ts";
import { stopRun } from "./tasks.ts";

/** `notifications/cancelled`: stops the run of the call that it names. Others need nothing. */
export async function noticed(
  { call, session }: SessionParts,
  method: string,
  params: JsonObject,
): Promise<void> {
  const { requestId } = params;
  if (method !== "notifications/cancelled" || session === undefined) return;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  await stopRun(call, sessionRun(session.key, requestId)).catch((error: unknown) => {
    // It may be of a call that had no run.
    if (!isOrchError(error, "ORCH_SERVER_UNKNOWN")) throw error;
  });
}

/** A form that came back. Gives false for one that this server did not send. */
export async function formReturned(
  { call, waiting }: SessionParts,
  { id, result }: Extract<RpcMessage, { kind: "reply" }>,
): Promise<boolean> {
  const asked = askedQuestion(id);
  if (asked === undefined) return false;
  const { run, question } = asked;
  const { questions } = await call.runs.describe(run);
  const filled = isObject(result) ? result : { action: "cancel" };
  const { declined, refused } = await giveAnswers(call, run, questions, { [question]: filled });
  if (declined.includes(question)) waiting.tell(run, { question });
  const reason = refused[question];
  if (reason !== undefined) waiting.tell(run, { question, refused: reason });
  return true;
}

/** Goes on with a stream after the last event that the client has seen; `undefined` for an event of no stream. */
export async function resumed(
  { call, session, settings, waiting, notes }: SessionParts,
  lastEvent: string,
): Promise<Response | undefined> {
  const last = lastEventOf(lastEvent);
  if (last === undefined) return undefined;
  const { orchestration } = await call.runs.describe(last.run);
  const offered = call.runs.orchestrations.find(({ name }) => name === orchestration)!;
  const abilities = session?.abilities ?? { elicitation: false, tasks: false };
  const level = notes.levelOf(call, session?.key);
  const log = level === undefined || last.isTask ? {} : { log: { level, logger: offered.name } };
  return sessionStream({ call, ...last, abilities, waiting, form: callForm(offered, settings), ...log });
}

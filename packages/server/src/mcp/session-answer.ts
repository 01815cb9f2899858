/** The answer to a request of a session that a run works for: a task, a stream, or the whole at once. */
import { isObject } from "../reply/json-object.ts";
import { questionText } from "../reply/question-text.ts";
import { readReply } from "../reply/read-reply.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { beginCall } from "./begin-call.ts";
import type { CallForm } from "./call-form.ts";
import type { McpOutcome, McpRequest } from "./mcp-request.ts";
import { sessionRun } from "./session-run.ts";
import { sessionStream } from "./session-stream.ts";
import { earlierTask, taskStatus } from "./task-object.ts";

/** What the answer is made of. */
export interface SessionAnswerParts {
  readonly offered: PublicOrchestration;
  readonly form: CallForm;
  /** Whether the client wants a task. */
  readonly isTask: boolean;
}

export async function sessionAnswer(
  request: McpRequest,
  { offered, form, isTask }: SessionAnswerParts,
): Promise<McpOutcome> {
  const { call, params, abilities, id, session, waiting, notes } = request;
  const begun = await beginCall(
    request,
    offered,
    session === undefined ? undefined : sessionRun(session, id),
  );
  if (!("place" in begun)) return begun;
  const { run } = begun.place;
  if (isTask) {
    const picture = await call.runs.describe(run);
    return { result: { task: earlierTask(picture, taskStatus(picture)) } };
  }
  const isStream = call.request.headers.get("accept")?.includes("text/event-stream") === true;
  if (!isStream || waiting === undefined) return wholeAnswer(request, form, run);
  const token = isObject(params["_meta"]) ? params["_meta"]["progressToken"] : undefined;
  const progress = typeof token === "string" || typeof token === "number" ? { progressToken: token } : {};
  const level = notes.levelOf(call, session);
  const log = level === undefined ? {} : { log: { level, logger: offered.name } };
  const streamed = { call, id, run, after: 0, abilities, waiting, isTask: false, ...progress, ...log };
  return { response: await sessionStream({ ...streamed, form }) };
}

/** The answer for a client that takes no stream. Nobody can be asked. */
export async function wholeAnswer({ call }: McpRequest, form: CallForm, run: string): Promise<McpOutcome> {
  const events = await call.runs.follow(run, { signal: call.signal });
  for await (const piece of readReply(events, 0)) {
    if (piece.type !== "end" || piece.status === "parked") continue;
    if (piece.status !== "asked") return form.ended(piece);
    const asks = piece.questions.map(({ prompt }) => questionText(prompt)).join("\n");
    return form.unanswered(`The run ${run} asks a person, which needs a stream:\n${asks}`);
  }
  return form.unanswered(`The server stops. The run ${run} goes on.`);
}

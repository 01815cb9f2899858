import { followReply } from "../reply/follow-reply.ts";
import { isObject } from "../reply/json-object.ts";
import { RPC_CODE } from "../reply/json-rpc.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import type { RunPlace } from "../reply/reply-place.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { beginCall, requestStateOf } from "./begin-call.ts";
import { type CallForm, callForm } from "./call-form.ts";
import { readCall } from "./call-piece.ts";
import { CallReading } from "./call-reading.ts";
import { callStream } from "./call-stream.ts";
import { missingAbility, unfitParams } from "./faults.ts";
import type { McpOutcome, McpRequest } from "./mcp-request.ts";
import type { TaskSupport } from "./mcp-settings.ts";
import { inputRequests, questionKeys, taskObject, taskStatus } from "./task-object.ts";
import { offeredTools } from "./tool-list.ts";

/** For how long a call may last before its answer becomes a stream, in milliseconds. */
const SOON = 100;

/** `tools/call` where each request stands for itself: a result, what has to be asked first, a task, or a stream of one of them. */
export async function callTool(request: McpRequest): Promise<McpOutcome> {
  const { params, abilities, settings } = request;
  const offered = offeredTool(request);
  if (offered === undefined) return unfitParams(`There is no tool "${String(params["name"])}".`);
  const support = settings.taskSupport(offered.name);
  if (support === "required" && !abilities.tasks)
    return missingAbility("tasks", `Calls of "${offered.name}" are tasks, which this client does not know.`);
  return answerCall(request, { offered, support, form: callForm(offered, settings) });
}

/** What an answer of a run is made of. */
export interface AnsweredCall {
  readonly offered: PublicOrchestration;
  readonly support: TaskSupport;
  readonly form: CallForm;
}

/** The answer to a request that a run works for. */
export async function answerCall(request: McpRequest, parts: AnsweredCall): Promise<McpOutcome> {
  const { call, abilities, settings } = request;
  const { offered, support, form } = parts;
  const begun = await beginCall(request, offered);
  if (!("place" in begun)) return begun;
  const { place } = begun;
  if (support === "required") return madeTask(request, place);
  const reading = new AbortController();
  const events = await followReply(call, place, AbortSignal.any([call.signal, reading.signal]));
  const log = request.logLevel && { level: request.logLevel, logger: offered.name };
  const calling = new CallReading(readCall(events, place.from, log), call.clock);
  const toOutcome = (last: ReplyEnd): McpOutcome => endOutcome(request, form, place, last);
  const mayBeTask = abilities.tasks && support === "optional";
  const takesStream = call.request.headers.get("accept")?.includes("text/event-stream") === true;
  const isHeard = takesStream && !mayBeTask && (wantsProgress(request) || log !== undefined);
  const end = isHeard ? undefined : await calling.within(mayBeTask ? settings.taskAfter : SOON);
  if (end !== undefined) return toOutcome(end);
  if (mayBeTask) {
    reading.abort();
    return madeTask(request, place);
  }
  if (takesStream) {
    return { response: callStream(request, place.run, calling, { toOutcome, stop: () => reading.abort() }) };
  }
  const last = await calling.end();
  // A client that has gone has cancelled its request: the protocol says so.
  if (last.status === "parked" && call.request.signal.aborted)
    await call.runs.cancel(place.run, "the client has gone");
  return toOutcome(last);
}

/** Whether the client wants to hear how far the call is. */
function wantsProgress({ params }: McpRequest): boolean {
  return isObject(params["_meta"]) && params["_meta"]["progressToken"] !== undefined;
}

/** The orchestration that a call names. */
export function offeredTool(request: McpRequest): PublicOrchestration | undefined {
  return offeredTools(request).find(({ name }) => name === request.params["name"]);
}

async function madeTask({ call }: McpRequest, { run }: RunPlace): Promise<McpOutcome> {
  const picture = await call.runs.describe(run);
  return { result: { resultType: "task", ...taskObject(picture, taskStatus(picture)) } };
}

/** What a call came to. */
function endOutcome({ abilities }: McpRequest, form: CallForm, place: RunPlace, end: ReplyEnd): McpOutcome {
  if (end.status === "parked") {
    return { fault: { code: RPC_CODE.busy, message: `The server stops. The run ${place.run} goes on.` } };
  }
  if (end.status !== "asked") return form.ended(end);
  if (!abilities.elicitation)
    return missingAbility("elicitation", `The run ${place.run} asks a person, which this client cannot.`);
  const keys = questionKeys(end.questions);
  return {
    result: {
      resultType: "input_required",
      inputRequests: inputRequests(end.questions, keys),
      requestState: requestStateOf(place, keys),
    },
  };
}

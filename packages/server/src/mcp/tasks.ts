/** Tasks in the words of the extension of 2026. */
import { isOrchError } from "@orch/core";
import { isObject } from "../reply/json-object.ts";
import { RPC_CODE } from "../reply/json-rpc.ts";
import { readReply } from "../reply/read-reply.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import { missingAbility, unfitParams } from "./faults.ts";
import { giveAnswers } from "./given-answers.ts";
import type { McpMethod, McpOutcome, McpRequest } from "./mcp-request.ts";
import { inputRequests, taskObject, taskStatus } from "./task-object.ts";
import { toolResult } from "./tool-result.ts";

type TaskAct = (request: McpRequest, picture: PublicRunPicture) => Promise<McpOutcome>;

/** The method of one task, for clients that know tasks. */
function ofTask(act: TaskAct): McpMethod {
  return async (request) => {
    if (!request.abilities.tasks) return missingAbility("tasks", "This client does not know tasks.");
    const picture = await taskPicture(request);
    return picture === undefined ? unfitParams("There is no such task.") : act(request, picture);
  };
}

/** The run that a request names as its task. */
export async function taskPicture({ call, params }: McpRequest): Promise<PublicRunPicture | undefined> {
  const { taskId } = params;
  if (typeof taskId !== "string") return undefined;
  try {
    return await call.runs.describe(taskId);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return undefined;
    throw error;
  }
}

/** `tasks/get`: where a task is, what it asks, and what it gave. */
export const getTask: McpMethod = ofTask(async ({ call }, picture) => ({
  result: await detailedTask(call, picture),
}));

/** A task with what it asks, or what it gave. */
export async function detailedTask(
  call: DoorCall,
  picture: PublicRunPicture,
): Promise<{ readonly [field: string]: unknown }> {
  const status = taskStatus(picture);
  if (status === "working") return taskObject(picture, status);
  if (status === "input_required")
    return { ...taskObject(picture, status), inputRequests: inputRequests(picture.questions) };
  const end = await endOf(call, picture.run);
  if (status === "failed" && isEngineFailure(end)) {
    const error = {
      code: RPC_CODE.failed,
      message: end.error?.message ?? "The run failed.",
      data: { code: end.error?.code },
    };
    return { ...taskObject(picture, status), error };
  }
  if (status === "cancelled") return taskObject(picture, status);
  const offered = call.runs.orchestrations.find(({ name }) => name === picture.orchestration)!;
  return { ...taskObject(picture, "completed"), result: toolResult(end, offered) };
}

/** `tasks/update`: answers what a task asks. What was asked by nobody is passed over. */
export const updateTask: McpMethod = ofTask(async ({ call, params }, { run, questions }) => {
  const { inputResponses } = params;
  if (!isObject(inputResponses)) return unfitParams("inputResponses is no object.");
  const { refused } = await giveAnswers(call, run, questions, inputResponses);
  const [reason] = Object.values(refused);
  return reason === undefined ? { result: {} } : unfitParams(reason);
});

/** `tasks/cancel`: stops a task. One that has ended stays as it is. */
export const cancelTask: McpMethod = ofTask(async ({ call }, { run }) => {
  await stopRun(call, run);
  return { result: {} };
});

/** Stops a run that may have ended. */
export async function stopRun({ runs }: DoorCall, run: string): Promise<void> {
  try {
    await runs.cancel(run, "the client stopped it");
  } catch (error) {
    if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
  }
}

/** How a run ended. */
export async function endOf({ runs, signal }: DoorCall, run: string): Promise<ReplyEnd> {
  const pieces = readReply(await runs.follow(run, { signal }), Number.MAX_SAFE_INTEGER);
  for await (const piece of pieces) if (piece.type === "end") return piece;
  return { type: "end", status: "parked", number: 0, questions: [] };
}

/** Whether the engine ended the run, and not what a state did. */
export function isEngineFailure({ error }: ReplyEnd): boolean {
  return error?.code.startsWith("ORCH_") === true && error.code !== "ORCH_RUNNABLE_FAILED";
}

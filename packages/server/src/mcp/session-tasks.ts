/** Tasks in the words of 2025, where the client says which call is one. */
import { isOrchError } from "@orch/core";
import type { PublicRunPicture } from "../words/public-run.ts";
import { callForm } from "./call-form.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod } from "./mcp-request.ts";
import { wholeAnswer } from "./session-answer.ts";
import { sessionStream } from "./session-stream.ts";
import { earlierTask, taskStatus } from "./task-object.ts";
import { stopRun, taskPicture } from "./tasks.ts";

const UNKNOWN = "There is no such task.";

const get: McpMethod = async (request) => {
  const picture = await taskPicture(request);
  return picture === undefined ? unfitParams(UNKNOWN) : { result: taskOf(picture) };
};

/** The result of a task, as soon as there is one. What it asks meanwhile is asked on the same stream. */
const result: McpMethod = async (request) => {
  const picture = await taskPicture(request);
  if (picture === undefined) return unfitParams(UNKNOWN);
  const { call, id, abilities, waiting, settings } = request;
  const { run, orchestration } = picture;
  const offered = call.runs.orchestrations.find(({ name }) => name === orchestration)!;
  const form = callForm(offered, settings);
  if (waiting === undefined || call.request.headers.get("accept")?.includes("text/event-stream") !== true)
    return wholeAnswer(request, form, run);
  const streamed = { call, id, run, after: 0, abilities, waiting, isTask: true };
  return { response: await sessionStream({ ...streamed, form }) };
};

const cancel: McpMethod = async (request) => {
  const picture = await taskPicture(request);
  if (picture === undefined) return unfitParams(UNKNOWN);
  if (isOver(picture)) return unfitParams(`The task is ${picture.status} already.`);
  await stopRun(request.call, picture.run);
  return { result: taskOf(await request.call.runs.describe(picture.run)) };
};

/** The runs of the caller, newest first. */
const list: McpMethod = async ({ call, params }) => {
  const { cursor } = params;
  const limit = 50;
  try {
    const runs = await call.runs.list({ limit, ...(typeof cursor === "string" && { after: cursor }) });
    const tasks = runs.map((run) => taskOf({ ...run, open: [], questions: [], waits: [] }));
    const next = runs.length < limit ? undefined : runs.at(-1)?.run;
    return { result: { tasks, ...(next !== undefined && { nextCursor: next }) } };
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN"))
      return unfitParams("The cursor is none that this server gave.");
    throw error;
  }
};

/** The methods of tasks. */
export const earlierMethods: { readonly [method: string]: McpMethod } = {
  "tasks/get": get,
  "tasks/result": result,
  "tasks/cancel": cancel,
  "tasks/list": list,
};

function taskOf(picture: PublicRunPicture): object {
  return earlierTask(picture, taskStatus(picture));
}

function isOver({ status }: PublicRunPicture): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

import type { Random } from "@orch/core";
import { followReply } from "../reply/follow-reply.ts";
import { readReply } from "../reply/read-reply.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { type A2aOutcome, unfitParams } from "./a2a-fault.ts";
import type { A2aRequest } from "./a2a-request.ts";
import { answerTask } from "./answer-task.ts";
import { foundTask } from "./found-task.ts";
import { resultStream } from "./result-stream.ts";
import { standingTask, type TaskView } from "./standing-task.ts";
import { newContext, newTaskId } from "./task-id.ts";
import { inputOf, type TaskMessage, taskMessage } from "./task-message.ts";
import { idsOf } from "./task-object.ts";
import { taskStream } from "./task-stream.ts";

/** A run that a message started or answered. */
interface BegunTask {
  readonly run: string;
  /** What is told of it comes after the event with this number. */
  readonly from: number;
  readonly refused?: string;
}

type Fault = Extract<A2aOutcome, { fault: unknown }>;

/** `SendMessage`: waits until the task ends or asks, unless the client does not want to. */
export async function sendMessage(request: A2aRequest): Promise<A2aOutcome> {
  const { call, params } = request;
  const message = taskMessage(params);
  if ("fault" in message) return message;
  const view = historyIn(params["configuration"]);
  if ("fault" in view) return view;
  const begun = await begin(request, message);
  if ("fault" in begun) return begun;
  const { run, from, refused } = begun;
  if (!message.isImmediate && refused === undefined) {
    const events = await followReply(call, { kind: "run", run, from, again: 0 }, call.signal);
    for await (const _ of readReply(events, from));
  }
  const seen: TaskView = { ...view, ...(refused !== undefined && { refused }) };
  const { task } = await standingTask(call, await call.runs.describe(run), seen);
  return { result: { task } };
}

/** `SendStreamingMessage`: tells what happens until the task ends or asks. */
export async function sendStreaming(request: A2aRequest): Promise<A2aOutcome> {
  const { call, params } = request;
  const message = taskMessage(params);
  if ("fault" in message) return message;
  const view = historyIn(params["configuration"]);
  if ("fault" in view) return view;
  const timestamp = new Date(call.clock.now()).toISOString();
  const begun = await begin(request, message);
  if ("fault" in begun) return begun;
  const { run, from, refused } = begun;
  if (refused !== undefined) {
    const { task } = await standingTask(call, await call.runs.describe(run), { ...view, refused });
    return { response: resultStream(request, [{ task }]) };
  }
  const events = await followReply(call, { kind: "run", run, from, again: 0 }, call.signal);
  const { taskId, contextId } = idsOf(run);
  const task = { id: taskId, contextId, status: { state: "TASK_STATE_WORKING", timestamp } };
  return { response: resultStream(request, [{ task }], taskStream({ run, events, from, isToEnd: false })) };
}

async function begin(request: A2aRequest, message: TaskMessage): Promise<BegunTask | Fault> {
  const { call, agent, random } = request;
  if (message.task === undefined) return started(call, agent, message, random);
  const picture = await foundTask(request, message.task);
  if (message.context !== undefined && message.context !== idsOf(picture.run).contextId)
    return unfitParams("The contextId is not that of the task.");
  const answered = await answerTask(call, picture, message);
  if ("fault" in answered) return answered;
  const { run } = picture;
  return answered.type === "goes on"
    ? { run, from: answered.from }
    : { run, from: 0, refused: answered.reason };
}

async function started(
  call: DoorCall,
  { name, input }: PublicOrchestration,
  { value, context }: TaskMessage,
  random: Random,
): Promise<BegunTask> {
  const now = call.clock.now();
  const id = newTaskId(context ?? newContext(now, random), now, random);
  return { run: await call.runs.start(name, inputOf(value, input), { id }), from: 0 };
}

/** How much of the history a client wants. */
export function historyIn(params: unknown): TaskView | Fault {
  const { historyLength } = (params ?? {}) as { readonly historyLength?: unknown };
  if (historyLength === undefined || historyLength === null) return {};
  if (Number.isSafeInteger(historyLength) && Number(historyLength) >= 0)
    return { historyLength: Number(historyLength) };
  return unfitParams("historyLength is no whole number of 0 or more.");
}

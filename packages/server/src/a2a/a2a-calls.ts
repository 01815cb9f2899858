/**
 * The methods of the protocol, for both of its bindings.
 *
 * Source: https://a2a-protocol.org/v1.0.1/specification/, "A2A Protocol Operations".
 */
import { isOrchError } from "@orch/core";
import { followReply } from "../reply/follow-reply.ts";
import { RPC_CODE } from "../reply/json-rpc.ts";
import { type A2aOutcome, a2aFault } from "./a2a-fault.ts";
import type { A2aRequest } from "./a2a-request.ts";
import { foundTask } from "./found-task.ts";
import { listTasks } from "./list-tasks.ts";
import { resultStream } from "./result-stream.ts";
import { historyIn, sendMessage, sendStreaming } from "./send-message.ts";
import { hasEnded, standingTask } from "./standing-task.ts";
import { taskStream } from "./task-stream.ts";

type Act = (request: A2aRequest) => Promise<A2aOutcome>;

const noPush: Act = async () =>
  a2aFault(
    "PUSH_NOTIFICATION_NOT_SUPPORTED",
    "This server sends no push notifications. Subscribe to the task, or ask for it.",
  );

const METHODS: { readonly [method: string]: Act } = {
  SendMessage: sendMessage,
  SendStreamingMessage: sendStreaming,
  GetTask: getTask,
  ListTasks: listTasks,
  CancelTask: cancelTask,
  SubscribeToTask: subscribeToTask,
  CreateTaskPushNotificationConfig: noPush,
  GetTaskPushNotificationConfig: noPush,
  ListTaskPushNotificationConfigs: noPush,
  DeleteTaskPushNotificationConfig: noPush,
  GetExtendedAgentCard: async () =>
    a2aFault("EXTENDED_AGENT_CARD_NOT_CONFIGURED", "The card says everything; there is no extended one."),
};

/** Carries out a method. */
export async function a2aCall(method: string, request: A2aRequest): Promise<A2aOutcome> {
  const act = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (act !== undefined) return act(request);
  return { fault: { code: RPC_CODE.method, message: `There is no method "${method}".` } };
}

async function getTask(request: A2aRequest): Promise<A2aOutcome> {
  const view = historyIn(request.params);
  if ("fault" in view) return view;
  const picture = await foundTask(request, request.params["id"]);
  return { result: (await standingTask(request.call, picture, view)).task };
}

async function cancelTask(request: A2aRequest): Promise<A2aOutcome> {
  const { call, params } = request;
  const { run } = await foundTask(request, params["id"]);
  try {
    await call.runs.cancel(run, "the client stopped it");
  } catch (error) {
    if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
    return a2aFault("TASK_NOT_CANCELABLE", "The task has ended.");
  }
  return { result: (await standingTask(call, await call.runs.describe(run))).task };
}

/** Tells a task as it is, and then what becomes of it until it ends, over its questions. */
async function subscribeToTask(request: A2aRequest): Promise<A2aOutcome> {
  const { call, params } = request;
  const picture = await foundTask(request, params["id"]);
  const { run } = picture;
  const standing = await standingTask(call, picture);
  if (hasEnded(standing))
    return a2aFault("UNSUPPORTED_OPERATION", "The task has ended. Ask for it with GetTask.");
  const { task, state, number, answered } = standing;
  // A task that asks said so already. What one that works has told since the last answer is told again from its beginning.
  const from = state === "TASK_STATE_INPUT_REQUIRED" ? number : answered;
  const events = await followReply(call, { kind: "run", run, from, again: 0 }, call.signal);
  return { response: resultStream(request, [{ task }], taskStream({ run, events, from, isToEnd: true })) };
}

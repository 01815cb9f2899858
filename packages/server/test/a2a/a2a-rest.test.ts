/** The HTTP+JSON binding of A2A, by the official client over a real socket. */
import { type Task, TaskState } from "@a2a-js/sdk";
import { type Client, RestTransportFactory } from "@a2a-js/sdk/client";
import { afterEach, expect, it } from "vitest";
import { a2a } from "../../src/a2a.ts";
import { type ServedModels, serveModels } from "../openai/openai-server.ts";
import { agentClient, partsText, userMessage } from "./a2a-client.ts";

let served: ServedModels | undefined;
afterEach(async () => {
  await served?.stop();
  served = undefined;
});
const agent = async (name: string): Promise<Client> => {
  served ??= await serveModels({ doors: [a2a()] });
  const place = { url: served.url, headers: { authorization: "ada" } };
  return agentClient(place, name, undefined, RestTransportFactory);
};
const send = async (client: Client, ...message: Parameters<typeof userMessage>): Promise<Task> =>
  (await client.sendMessage(userMessage(...message))) as Task;
const outputOf = ({ artifacts }: Task): unknown => artifacts[0]?.parts[0]?.content?.value;

it("starts a task, asks, takes the answer and gives the output", async () => {
  const client = await agent("article");
  const asked = await send(client, "tides", { contextId: "trip-1" });
  expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
  const again = await send(client, "perhaps", { taskId: asked.id });
  expect(partsText(again.status?.message?.parts)).toMatch(/does not fit[\s\S]*Publish/);
  const done = await send(client, "yes", { taskId: asked.id });
  expect(outputOf(done)).toBe("Published.");
  const seen = await client.getTask({ tenant: "", id: asked.id, historyLength: 1 });
  expect(seen).toMatchObject({ id: asked.id, contextId: "trip-1" });
  expect(seen.history).toHaveLength(1);
});

it("streams a task as results without a frame, and one that is subscribed to, to its end", async () => {
  const client = await agent("twice");
  const said: string[] = [];
  let id = "";
  for await (const { payload } of client.sendMessageStream(userMessage("go"))) {
    if (payload?.$case === "task") id = payload.value.id;
    if (payload?.$case === "statusUpdate") said.push(partsText(payload.value.status?.message?.parts));
  }
  expect(said.at(-1)).toBe("Keep it?");
  let last: TaskState | undefined;
  for await (const { payload } of client.resubscribeTask({ tenant: "", id })) {
    if (payload?.$case !== "task" && payload?.$case !== "statusUpdate") continue;
    last = payload.value.status?.state;
    if (last === TaskState.TASK_STATE_INPUT_REQUIRED) void send(client, "yes", { taskId: id });
  }
  expect(last).toBe(TaskState.TASK_STATE_COMPLETED);
});

it("lists tasks by its query, and cancels one", async () => {
  const client = await agent("article");
  const first = await send(client, "tides", { contextId: "trip-1" });
  await send(client, "hills");
  const query = { tenant: "", contextId: "trip-1", status: 0, pageToken: "", pageSize: 10 };
  const { tasks } = await client.listTasks({ ...query, statusTimestampAfter: undefined });
  expect(tasks.map(({ id }) => id)).toEqual([first.id]);
  const cancelled = await client.cancelTask({ tenant: "", id: first.id, metadata: undefined });
  expect(cancelled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
  const { id } = await send(await agent("essay"), "tides");
  const late = (await agent("essay")).cancelTask({ tenant: "", id, metadata: undefined });
  await expect(late).rejects.toMatchObject({ name: "TaskNotCancelableError" });
});

it("refuses with the statuses and the reasons of the protocol", async () => {
  const client = await agent("sum");
  const unknown = client.getTask({ tenant: "", id: "none" });
  await expect(unknown).rejects.toMatchObject({ name: "TaskNotFoundError", statusCode: 404 });
  await expect(send(client, { a: "one" })).rejects.toMatchObject({ statusCode: 422 });
  const raw = async (method: string, path: string, body?: string, version = "1.0"): Promise<unknown> => {
    const init = { method, headers: { authorization: "ada", "a2a-version": version } };
    const response = await fetch(`${served!.url}/a2a/sum${path}`, { ...init, ...(body && { body }) });
    const { error } = (await response.json()) as {
      error?: { status: string; details: { reason: string }[] };
    };
    return [response.status, error?.status, error?.details[0]?.reason];
  };
  expect(await raw("POST", "/message:send", "{")).toEqual([400, "INVALID_ARGUMENT", expect.any(String)]);
  expect(await raw("POST", "/message:send", "[]")).toEqual([400, "INVALID_ARGUMENT", "INVALID_PARAMS"]);
  expect(await raw("POST", "/message:send", "{}")).toEqual([400, "INVALID_ARGUMENT", "INVALID_PARAMS"]);
  expect(await raw("GET", "/tasks?pageSize=x")).toEqual([400, "INVALID_ARGUMENT", "INVALID_PARAMS"]);
  expect(await raw("GET", "/tasks", undefined, "0.3")).toEqual([
    400,
    "FAILED_PRECONDITION",
    "VERSION_NOT_SUPPORTED",
  ]);
  const push = ["FAILED_PRECONDITION", "PUSH_NOTIFICATION_NOT_SUPPORTED"];
  expect(await raw("GET", "/tasks/x/pushNotificationConfigs")).toEqual([400, ...push]);
  const card = ["FAILED_PRECONDITION", "EXTENDED_AGENT_CARD_NOT_CONFIGURED"];
  expect(await raw("GET", "/extendedAgentCard")).toEqual([400, ...card]);
  expect(await raw("DELETE", "/tasks")).toEqual([405, undefined, undefined]);
  expect(await raw("GET", "/nothing")).toEqual([404, undefined, undefined]);
});

/** The door of A2A, by the official client over a real socket. */
import { type StreamResponse, type Task, TaskState } from "@a2a-js/sdk";
import type { Client } from "@a2a-js/sdk/client";
import { orchestration, runnable, speech } from "@orch/core";
import { afterEach, describe, expect, it } from "vitest";
import { a2a } from "../../src/a2a.ts";
import { type ServedModels, serveModels } from "../openai/openai-server.ts";
import { agentClient, partsText, userMessage } from "./a2a-client.ts";

let served: ServedModels | undefined;
const serve = async (options: Parameters<typeof serveModels>[0] = {}): Promise<ServedModels> => {
  served = await serveModels({ doors: [a2a()], ...options });
  return served;
};
afterEach(async () => {
  await served?.stop();
  served = undefined;
});

const agent = (name: string, principal = "ada"): Promise<Client> =>
  agentClient({ url: served!.url, headers: { authorization: principal } }, name);

const send = async (client: Client, ...message: Parameters<typeof userMessage>): Promise<Task> =>
  (await client.sendMessage(userMessage(...message))) as Task;

const outputOf = ({ artifacts }: Task): unknown => artifacts[0]?.parts[0]?.content?.value;
const saidOf = ({ status }: Task): string => partsText(status?.message?.parts);
const questionsOf = ({ status }: Task): { question: string }[] =>
  status?.message?.metadata?.["questions"] as { question: string }[];

/** A request by hand, for what the client cannot say. */
async function raw(
  path: string,
  body: object | undefined,
  headers: { readonly [name: string]: string } = {},
): Promise<{ status: number; error?: { code: number; message: string; data?: { reason: string }[] } }> {
  const response = await fetch(served!.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: "ada", "a2a-version": "1.0", "content-type": "application/json", ...headers },
    ...(body && { body: JSON.stringify({ jsonrpc: "2.0", id: 7, ...body }) }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

describe("cards", () => {
  it("are one for each orchestration, at its own address", async () => {
    await serve();
    const card = await (await agent("sum")).getAgentCard();
    expect(card).toMatchObject({
      name: "sum",
      version: "1.0.0",
      supportedInterfaces: [
        { url: `${served!.url}/a2a/sum`, protocolBinding: "JSONRPC", protocolVersion: "1.0" },
        { url: `${served!.url}/a2a/sum`, protocolBinding: "HTTP+JSON", protocolVersion: "1.0" },
      ],
      capabilities: { streaming: true, pushNotifications: false },
    });
    expect(card.skills[0]?.description).toContain('"a":{"type":"number"}');
    const all = (await raw("/a2a", undefined)) as unknown as { agents: { name: string }[] };
    expect(all.agents.map(({ name }) => name)).toContain("article");
    expect(await raw("/a2a/none/.well-known/agent-card.json", undefined)).toMatchObject({ status: 404 });
  });

  it("say where clients reach them, and that a token is asked for", async () => {
    await serve({ doors: [a2a({ url: "https://example.org/agents/", version: "2.1.0", bearer: true })] });
    expect(await raw("/a2a/essay/.well-known/agent-card.json", undefined)).toMatchObject({
      version: "2.1.0",
      supportedInterfaces: [
        { url: "https://example.org/agents/essay" },
        { url: "https://example.org/agents/essay" },
      ],
      securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: "Bearer" } } },
    });
  });
});

describe("messages", () => {
  it("start a task, and wait for its output", async () => {
    await serve();
    const task = await send(await agent("essay"), "tides");
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(outputOf(task)).toBe("About tides.");
  });

  it("take data, and give data", async () => {
    await serve();
    const client = await agent("sum");
    expect(outputOf(await send(client, { a: 1, b: 2 }))).toEqual({ sum: 3 });
    expect(outputOf(await send(client, '{"a":2,"b":2}'))).toEqual({ sum: 4 });
    await expect(send(client, { a: "one" })).rejects.toThrow("does not fit");
  });

  it("return at once where the client does not want to wait", async () => {
    await serve();
    const client = await agent("endless");
    const message = userMessage("tides");
    const task = (await client.sendMessage({
      ...message,
      configuration: {
        acceptedOutputModes: [],
        taskPushNotificationConfig: undefined,
        returnImmediately: true,
      },
    })) as Task;
    expect(task.status?.state).toBe(TaskState.TASK_STATE_WORKING);
  });

  it("stream states, pieces of the artifact, and the end", async () => {
    await serve();
    const events: StreamResponse[] = [];
    for await (const event of (await agent("essay")).sendMessageStream(userMessage("tides")))
      events.push(event);
    const pieces = events.flatMap(({ payload }) =>
      payload?.$case === "artifactUpdate"
        ? [[partsText(payload.value.artifact?.parts), payload.value.append]]
        : [],
    );
    expect(pieces).toEqual([
      ["About ", false],
      ["tides", true],
      [".", true],
    ]);
    expect(events.at(-1)?.payload).toMatchObject({
      $case: "statusUpdate",
      value: { status: { state: TaskState.TASK_STATE_COMPLETED } },
    });
  });

  it("fail in a sentence, without the words of what was thrown", async () => {
    await serve();
    const task = await send(await agent("broken"), "tides");
    expect(task.status?.state).toBe(TaskState.TASK_STATE_FAILED);
    expect(saidOf(task)).toMatch(/failed\.$/);
    expect(JSON.stringify(task)).not.toMatch(/passwd|sk-0123/);
  });

  it("take back the text of an attempt that failed", async () => {
    let tried = 0;
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: 0 },
      invoke: async (_: string, ctx) => {
        tried += 1;
        ctx.emit(speech, tried === 1 ? "Wrong" : "Right");
        if (tried === 1) throw new TypeError("no");
        return "Right";
      },
    });
    await serve({
      orchestrations: {
        again: { orchestration: orchestration("again", (o) => o.start(flaky).finish(flaky)) },
      },
    });
    const seen: string[] = [];
    let text = "";
    for await (const { payload } of (await agent("again")).sendMessageStream(userMessage("tides"))) {
      if (payload?.$case !== "artifactUpdate") continue;
      text = (payload.value.append ? text : "") + partsText(payload.value.artifact?.parts);
      seen.push(text);
    }
    expect(seen).toEqual(["Wrong", "", "Right"]);
  });
});

describe("questions", () => {
  it("require input, are asked again where the answer does not fit, and go on with a message to the task", async () => {
    await serve();
    const client = await agent("article");
    const asked = await send(client, "tides");
    expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
    expect(saidOf(asked)).toBe('Publish "About tides."?');
    const again = await send(client, "perhaps", { taskId: asked.id });
    expect(again.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
    expect(saidOf(again)).toMatch(/does not fit[\s\S]*Publish "About tides\."\?/);
    const done = await send(client, "yes", { taskId: asked.id, contextId: asked.contextId });
    expect(outputOf(done)).toBe("Published.");
    expect(done.history.map(({ parts }) => partsText(parts))).toEqual(['Publish "About tides."?', "true"]);
    await expect(send(client, "yes", { taskId: asked.id })).rejects.toThrow("has ended");
  });

  it("are answered by their ids where several are open", async () => {
    await serve();
    const client = await agent("order");
    const asked = await send(client, "go");
    const ids = questionsOf(asked).map(({ question }) => question);
    expect(ids).toHaveLength(2);
    const [colour = "", count = ""] = ids[0]!.includes("colour") ? ids : ids.toReversed();
    const done = await send(client, { [colour]: "red", [count]: 3 }, { taskId: asked.id });
    expect(outputOf(done)).toEqual({ colour: "red", count: 3 });
    const other = await send(client, "go");
    const one = await send(client, 3 as unknown as object, { taskId: other.id, question: count });
    expect(questionsOf(one).map(({ question }) => question)).toEqual([colour]);
  });

  it("take no answer that names a question which is open no more", async () => {
    await serve();
    const client = await agent("twice");
    const asked = await send(client, "go");
    const [first] = questionsOf(asked);
    const next = await send(client, "yes", { taskId: asked.id, question: first!.question });
    expect(saidOf(next)).toBe("And delete it?");
    const late = send(client, "yes", { taskId: asked.id, question: first!.question });
    await expect(late).rejects.toThrow("does not ask");
    expect((await client.getTask({ tenant: "", id: asked.id })).status?.state).toBe(
      TaskState.TASK_STATE_INPUT_REQUIRED,
    );
  });

  it("are followed by who subscribed, to the end of the task", async () => {
    await serve();
    const client = await agent("twice");
    const { id } = await send(client, "go");
    const said: string[] = [];
    let last: TaskState | undefined;
    for await (const { payload } of client.resubscribeTask({ tenant: "", id })) {
      if (payload?.$case !== "task" && payload?.$case !== "statusUpdate") continue;
      last = payload.value.status?.state;
      if (last !== TaskState.TASK_STATE_INPUT_REQUIRED) continue;
      said.push(partsText(payload.value.status?.message?.parts));
      void send(client, "yes", { taskId: id });
    }
    expect(said).toEqual(["Keep it?", "And delete it?"]);
    expect(last).toBe(TaskState.TASK_STATE_COMPLETED);
    const over = client.resubscribeTask({ tenant: "", id }).next();
    await expect(over).rejects.toThrow("has ended");
  });
});

describe("tasks", () => {
  it("are listed by context and state, in pages, and only to who started them", async () => {
    await serve();
    const client = await agent("article");
    const first = await send(client, "tides", { contextId: "trip-1" });
    expect(first.contextId).toBe("trip-1");
    const second = await send(client, "rivers", { contextId: "trip-1" });
    await send(client, "hills");
    await send(client, "yes", { taskId: first.id });
    const list = (query: object): ReturnType<Client["listTasks"]> =>
      client.listTasks({
        ...{ tenant: "", contextId: "", status: 0, pageToken: "", statusTimestampAfter: undefined },
        ...query,
      });
    expect((await list({})).totalSize).toBe(3);
    const trip = await list({ contextId: "trip-1", includeArtifacts: true });
    expect(trip.tasks.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(outputOf(trip.tasks[0]!)).toBe("Published.");
    const asking = await list({ contextId: "trip-1", status: TaskState.TASK_STATE_INPUT_REQUIRED });
    expect(asking.tasks.map(({ id }) => id)).toEqual([second.id]);
    const seen: string[] = [];
    for (let pageToken = ""; ; ) {
      const page = await list({ pageSize: 2, pageToken });
      seen.push(...page.tasks.map(({ id }) => id));
      pageToken = page.nextPageToken;
      if (pageToken === "") break;
    }
    expect(new Set(seen).size).toBe(3);
    const eve = await agent("article", "eve");
    expect(
      (
        await eve.listTasks({
          tenant: "",
          contextId: "",
          status: 0,
          pageToken: "",
          statusTimestampAfter: undefined,
        })
      ).tasks,
    ).toEqual([]);
  });

  it("are cancelled once, and belong to one agent", async () => {
    await serve();
    const client = await agent("article");
    const { id } = await send(client, "tides");
    const cancelled = await client.cancelTask({ tenant: "", id, metadata: undefined });
    expect(cancelled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
    const { id: ended } = await send(await agent("essay"), "tides");
    const late = (await agent("essay")).cancelTask({ tenant: "", id: ended, metadata: undefined });
    await expect(late).rejects.toMatchObject({ name: "TaskNotCancelableError" });
    const foreign = client.getTask({ tenant: "", id: ended });
    await expect(foreign).rejects.toMatchObject({ name: "TaskNotFoundError" });
  });
});

describe("refusals", () => {
  const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "tides" }] };

  it("have the codes of the protocol", async () => {
    await serve();
    const codeOf = async (method: string, params: object): Promise<unknown> =>
      (await raw("/a2a/essay", { method, params })).error?.code;
    expect(await codeOf("CreateTaskPushNotificationConfig", { taskId: "x", url: "https://x" })).toBe(-32003);
    const configuration = { taskPushNotificationConfig: { url: "https://x" } };
    expect(await codeOf("SendMessage", { message, configuration })).toBe(-32003);
    expect(await codeOf("GetExtendedAgentCard", {})).toBe(-32007);
    expect(await codeOf("GetTask", { id: "none" })).toBe(-32001);
    expect(await codeOf("message/send", { message })).toBe(-32601);
    expect(await codeOf("SendMessage", { message: { ...message, parts: [{ url: "https://x" }] } })).toBe(
      -32005,
    );
    expect(await codeOf("SendMessage", { message: { ...message, contextId: "a b" } })).toBe(-32602);
    expect(await codeOf("SendMessage", { message: { ...message, role: "ROLE_AGENT" } })).toBe(-32602);
    expect(await codeOf("SendMessage", { message, configuration: { historyLength: -1 } })).toBe(-32602);
    expect(
      await codeOf("SendMessage", { message, configuration: { acceptedOutputModes: ["image/png"] } }),
    ).toBe(-32005);
    expect(await codeOf("ListTasks", { pageSize: 101 })).toBe(-32602);
    expect(await codeOf("ListTasks", { pageToken: "x" })).toBe(-32602);
    expect(await codeOf("ListTasks", { statusTimestampAfter: "soon" })).toBe(-32602);
  });

  it("name the version that is spoken; a request without one is of 0.3", async () => {
    await serve();
    const body = { method: "SendMessage", params: { message } };
    const old = await raw("/a2a/essay", body, { "a2a-version": "0.3" });
    expect(old.error).toMatchObject({ code: -32009, data: [{ reason: "VERSION_NOT_SUPPORTED" }] });
    expect((await raw("/a2a/essay", body, { "a2a-version": "" })).error?.code).toBe(-32009);
    expect((await raw("/a2a/essay?A2A-Version=1.0", body, { "a2a-version": "" })).error).toBeUndefined();
  });
});

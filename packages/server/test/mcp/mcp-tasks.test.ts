/** The door of MCP where a call outlives its connection: tasks, streams that are taken up again, calls that are stopped. */
import { orchestration, question, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createServer, type Server } from "../../src/index.ts";
import { mcp } from "../../src/mcp.ts";
import { listen } from "../../src/node/listen.ts";
import { eventsOf, greet, inSession, type RawEvent, replyTo, stateless } from "./raw-client.ts";

const TASKS = { extensions: { "io.modelcontextprotocol/tasks": {} } };
const FORMS = { elicitation: {} };

const begin = runnable("begin", (topic: string) => topic);
const approve = question("approve", { ask: (topic: string) => `Write about ${topic}?`, answer: z.boolean() });
const write = runnable("write", (yes: boolean) => (yes ? "Written." : "Not written."));
const article = orchestration("article", (o) =>
  o.start(begin).advance(begin, approve).advance(approve, write).finish(write),
);
const second = question("second", { ask: "And delete it?", answer: z.boolean() });
const first = question("first", { ask: "Keep it?", answer: z.boolean() });
const twice = orchestration("twice", (o) => o.start(first).advance(first, second).finish(second));
const hang = runnable("hang", (_: string, ctx) => {
  return new Promise<string>((_resolve, reject) => {
    ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason), { once: true });
  });
});
const endless = orchestration("endless", (o) => o.start(hang).finish(hang));

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Served {
  readonly url: string;
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

async function serve(host = memoryHost()): Promise<Served> {
  const input = z.string();
  const orchestrations = {
    article: { orchestration: article, input },
    endless: { orchestration: endless, input },
    twice: { orchestration: twice, input },
  };
  const doors = [mcp({ tasks: { article: "required" }, taskAfter: 20 })];
  const server = createServer({ host, orchestrations, doors });
  const { url, stop } = await listen(server);
  stops.push(stop);
  return { url: `${url}/mcp`, server, stop };
}

/** Waits until the only run is as wanted; its events say when to look. */
async function until({ server }: Served, status: string): Promise<void> {
  for (;;) {
    const [run] = await server.runs().list();
    if (run?.status === status) return;
    if (stops.length === 0) throw new TypeError("the test is over");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a task of 2026", () => {
  const call = { name: "article", arguments: { input: "tides" } };
  const both = { ...TASKS, ...FORMS };

  it("asks, is answered, and gives its result, also after the server was started anew", async () => {
    const host = memoryHost();
    const first = await serve(host);
    const made = await replyTo(stateless(first.url, "tools/call", call, both));
    expect(made.result).toMatchObject({ resultType: "task", taskId: expect.any(String), ttlMs: null });
    const taskId = made.result?.["taskId"] as string;
    await until(first, "waiting");
    await first.stop();
    const second = await serve(host);
    const asked = await replyTo(stateless(second.url, "tasks/get", { taskId }, both));
    expect(asked.result).toMatchObject({ resultType: "complete", status: "input_required" });
    const [key = "", request] = Object.entries(asked.result?.["inputRequests"] as object)[0] ?? [];
    expect(request).toMatchObject({
      method: "elicitation/create",
      params: { message: "Write about tides?" },
    });
    const inputResponses = { [key]: { action: "accept", content: { answer: true } } };
    const taken = await replyTo(stateless(second.url, "tasks/update", { taskId, inputResponses }, both));
    expect(taken.result).toMatchObject({ resultType: "complete" });
    await until(second, "completed");
    const done = await replyTo(stateless(second.url, "tasks/get", { taskId }, both));
    expect(done.result).toMatchObject({
      status: "completed",
      result: { content: [{ type: "text", text: "Written." }] },
    });
  });

  it("says what of an answer does not fit, and asks on", async () => {
    const served = await serve();
    const { url } = served;
    const made = await replyTo(stateless(url, "tools/call", call, both));
    const taskId = made.result?.["taskId"] as string;
    await until(served, "waiting");
    const asked = await replyTo(stateless(url, "tasks/get", { taskId }, both));
    const [key = ""] = Object.keys((asked.result?.["inputRequests"] as object | undefined) ?? {});
    const inputResponses = { [key]: { action: "accept", content: { answer: "perhaps" } } };
    const refused = await replyTo(stateless(url, "tasks/update", { taskId, inputResponses }, both));
    expect(refused.error).toMatchObject({ code: -32602, message: expect.stringContaining("boolean") });
  });

  it("is made of a call that takes long, where the client knows tasks, and is stopped", async () => {
    const served = await serve();
    const { url } = served;
    const made = await replyTo(
      stateless(url, "tools/call", { name: "endless", arguments: { input: "x" } }, TASKS),
    );
    expect(made.result).toMatchObject({ resultType: "task", status: "working", statusMessage: "hang" });
    const taskId = made.result?.["taskId"] as string;
    expect((await replyTo(stateless(url, "tasks/cancel", { taskId }, TASKS))).result).toMatchObject({});
    const stopped = await replyTo(stateless(url, "tasks/get", { taskId }, TASKS));
    expect(stopped.result).toMatchObject({ status: "cancelled" });
  });

  it("is nothing for a client that does not know tasks", async () => {
    const { url } = await serve();
    const refused = await replyTo(stateless(url, "tools/call", call, FORMS));
    expect(refused.error).toMatchObject({ code: -32021, data: { requiredCapabilities: TASKS } });
    const unknown = await replyTo(stateless(url, "tasks/get", { taskId: "none" }, TASKS));
    expect(unknown.error).toMatchObject({ code: -32602 });
  });
});

describe("an answer", () => {
  it("counts for the question that was shown, and for no later one", async () => {
    const { url, server } = await serve();
    const call = { name: "twice", arguments: { input: "tides" } };
    const asked = await replyTo(stateless(url, "tools/call", call, FORMS));
    expect(asked.result).toMatchObject({ inputRequests: { first: {} } });
    const [run] = await server.runs().list();
    await server
      .runs()
      .answer(run!.run, (await server.runs().describe(run!.run)).questions[0]!.question, true);
    const inputResponses = { first: { action: "accept", content: { answer: true } } };
    const { requestState } = asked.result as { requestState: string };
    const again = { ...call, inputResponses, requestState };
    const next = await replyTo(stateless(url, "tools/call", again, FORMS));
    expect(next.result).toMatchObject({ resultType: "input_required", inputRequests: { second: {} } });
    expect((await server.runs().describe(run!.run)).status).toBe("waiting");
    const other = { ...again, name: "article", requestState };
    expect((await replyTo(stateless(url, "tools/call", other, { ...FORMS, ...TASKS }))).error?.code).toBe(
      -32602,
    );
  });
});

describe("a connection that is lost", () => {
  const endlessCall = { name: "endless", arguments: { input: "x" } };

  it("cancels a call of 2026, as that protocol says", async () => {
    const served = await serve();
    const gone = new AbortController();
    const request = stateless(served.url, "tools/call", { ...endlessCall, _meta: { progressToken: 1 } });
    const response = await fetch(new Request(request, { signal: gone.signal }));
    for await (const { message } of eventsOf(response))
      if (message?.method === "notifications/progress") break;
    gone.abort();
    await until(served, "cancelled");
  });

  it("stops nothing in a session, and is taken up after the last event that was seen, with a server started anew", async () => {
    const host = memoryHost();
    const first = await serve(host);
    const session = await greet(first.url);
    const params = { name: "endless", arguments: { input: "x" }, _meta: { progressToken: "p" } };
    const leaving = new AbortController();
    const request = inSession(first.url, session, { id: 7, method: "tools/call", params });
    const response = await fetch(new Request(request, { signal: leaving.signal }));
    let last: RawEvent | undefined;
    for await (const event of eventsOf(response)) {
      last = event;
      if (event.message?.method === "notifications/progress") break;
    }
    leaving.abort();
    await first.stop();
    const second = await serve(host);
    await second.server.resume();
    const headers = {
      accept: "text/event-stream",
      "mcp-session-id": session,
      "mcp-protocol-version": "2025-11-25",
      "last-event-id": last?.id ?? "",
    };
    const again = await fetch(second.url, { headers });
    const seen: RawEvent[] = [];
    const reading = (async () => {
      for await (const event of eventsOf(again)) seen.push(event);
    })();
    const [run] = await second.server.runs().list();
    expect(run?.status).toBe("running");
    // The same call, sent again, is the same run.
    const notice = { method: "notifications/cancelled", params: { requestId: 7 } };
    expect((await fetch(inSession(second.url, session, notice))).status).toBe(202);
    await reading;
    expect(seen.at(-1)?.message).toMatchObject({ id: 7, result: { isError: true } });
    expect(seen.filter(({ message }) => message?.method === "notifications/progress")).toEqual([]);
    expect(await second.server.runs().list()).toHaveLength(1);
  });
});

describe("a session", () => {
  it("is refused with 404 where its id is none of this server", async () => {
    const { url } = await serve();
    const response = await fetch(inSession(url, "somebody-elses", { id: 1, method: "tools/list" }));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ id: 1, error: { code: -32600 } });
  });

  it("has tasks in the words of 2025, with their result on a stream", async () => {
    const served = await serve();
    const { url } = served;
    const session = await greet(url);
    const call = { name: "article", arguments: { input: "tides" } };
    const untold = await replyTo(inSession(url, session, { id: 1, method: "tools/call", params: call }));
    expect(untold.error).toMatchObject({ code: -32601 });
    const params = { ...call, task: { ttl: 60_000 } };
    const made = await replyTo(inSession(url, session, { id: 2, method: "tools/call", params }));
    const { taskId } = made.result!["task"] as { taskId: string };
    const stream = await fetch(
      inSession(url, session, { id: 3, method: "tasks/result", params: { taskId } }),
    );
    const seen: RawEvent[] = [];
    for await (const event of eventsOf(stream)) {
      seen.push(event);
      const { id, method } = event.message ?? {};
      if (method !== "elicitation/create") continue;
      const listed = await replyTo(inSession(url, session, { id: 4, method: "tasks/list", params: {} }));
      expect(listed.result).toMatchObject({ tasks: [{ taskId }] });
      await fetch(inSession(url, session, { id, result: { action: "accept", content: { answer: false } } }));
    }
    expect(seen.at(-1)?.message).toMatchObject({
      id: 3,
      result: {
        content: [{ text: "Not written." }],
        _meta: { "io.modelcontextprotocol/related-task": { taskId } },
      },
    });
    const over = await replyTo(
      inSession(url, session, { id: 5, method: "tasks/cancel", params: { taskId } }),
    );
    expect(over.error).toMatchObject({ code: -32602 });
  });
});

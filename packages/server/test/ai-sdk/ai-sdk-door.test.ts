/** The door for AI SDK UI, spoken to by the AI SDK's own transport over a socket. */
import { agent, tool } from "@orch/agents";
import { agentRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import { scriptedModel } from "@orch/testing";
import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { aiSdk } from "../../src/ai-sdk.ts";
import { createServer, type Principal, type Server } from "../../src/index.ts";
import { type ListeningServer, listen } from "../../src/node.ts";
import { REPORT, reportChat } from "./report-chat.ts";

let listening: ListeningServer | undefined;
let server: Server;
afterEach(async () => {
  await listening?.stop();
  listening = undefined;
});

/** Starts a server with one chat; `who` says who calls. */
async function serve(
  configuration: RuntimeConfiguration,
  who?: (request: Request) => Principal,
): Promise<string> {
  server = createServer({
    chats: { research: { configuration } },
    doors: [aiSdk()],
    ...(who && { principal: who }),
  });
  listening = await listen(server);
  return `${listening.url}/ai-sdk/research`;
}

const open: Parameters<typeof reportChat>[0] = async () => {};
const user = (text: string): UIMessage => ({ id: "u1", role: "user", parts: [{ type: "text", text }] });

/** A page with stock parts: what it has said and was told, and a transport. */
class Page {
  readonly transport: DefaultChatTransport<UIMessage>;
  messages: UIMessage[] = [];

  readonly api: string;
  readonly id: string;

  constructor(api: string, id = "chat1", headers: Record<string, string> = {}) {
    this.api = api;
    this.id = id;
    this.transport = new DefaultChatTransport({ api, headers });
  }

  say(text: string): Promise<ReadableStream<UIMessageChunk>> {
    this.messages.push(user(text));
    return this.#send();
  }

  /** Hands the last message back with changed parts, as `addToolApprovalResponse` and `addToolOutput` do. */
  answer(change: (part: Part) => Part): Promise<ReadableStream<UIMessageChunk>> {
    const last = this.messages.at(-1)!;
    this.messages[this.messages.length - 1] = {
      ...last,
      parts: last.parts.map((part) => change(part as Part)) as never,
    };
    return this.#send();
  }

  resume(): Promise<ReadableStream<UIMessageChunk> | null> {
    return this.transport.reconnectToStream({ chatId: this.id });
  }

  /** Reads a message to its end, or until `until` holds. */
  async read(
    stream: ReadableStream<UIMessageChunk> | null,
    until: (message: UIMessage) => boolean = () => false,
  ): Promise<UIMessage> {
    const last = this.messages.at(-1);
    const known = last?.role === "assistant" ? last : undefined;
    let message: UIMessage | undefined;
    const options = { stream: stream!, terminateOnError: true, ...(known && { message: known }) };
    for await (const next of readUIMessageStream(options)) {
      message = next;
      if (until(message)) break;
    }
    if (known) this.messages.pop();
    this.messages.push(message!);
    return message!;
  }

  #send(): Promise<ReadableStream<UIMessageChunk>> {
    return this.transport.sendMessages({
      ...{ trigger: "submit-message", chatId: this.id, messageId: undefined, messages: this.messages },
      abortSignal: undefined,
    });
  }
}

interface Part {
  readonly type: string;
  readonly state?: string;
  readonly toolCallId?: string;
  readonly approval?: { readonly id: string };
  readonly data?: { readonly state: string; readonly status: string };
}

const approve =
  (approved: boolean, reason?: string) =>
  (part: Part): Part =>
    part.state === "approval-requested"
      ? ({ ...part, state: "approval-responded", approval: { ...part.approval, approved, reason } } as never)
      : part;
const fill =
  (output: unknown) =>
  (part: Part): Part =>
    part.state === "input-available" ? ({ ...part, state: "output-available", output } as never) : part;

const railOf = ({ parts }: UIMessage): string[] =>
  (parts as Part[]).flatMap(({ type, data }) =>
    type === "data-state" ? [`${data!.state} ${data!.status}`] : [],
  );
const textOf = ({ parts }: UIMessage): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");
const callsOf = ({ parts }: UIMessage): Part[] =>
  (parts as Part[]).filter(({ type }) => type === "dynamic-tool");

describe("the door for AI SDK UI", () => {
  it("shows the rail, asks, takes the answers, and says the report once", async () => {
    const page = new Page(await serve(reportChat(open)));

    const first = await page.read(await page.say("tides"));
    expect(railOf(first)).toEqual([
      "plan completed",
      "searches completed",
      "search completed",
      "search completed",
      "approve waiting",
    ]);
    expect(callsOf(first)).toMatchObject([
      { toolName: "approve", state: "approval-requested", title: "Write a report from 2 findings?" },
    ]);

    const second = await page.read(await page.answer(approve(true)));
    expect(railOf(second).slice(4)).toEqual(["approve completed", "style waiting"]);
    expect(callsOf(second)).toMatchObject([
      { state: "output-available", approval: { approved: true } },
      { toolName: "question", state: "input-available", input: { prompt: "In which style?" } },
    ]);

    const third = await page.read(await page.answer(fill("short")));
    expect(third.id).toBe(first.id);
    expect(railOf(third).slice(4)).toEqual(["approve completed", "style completed", "report completed"]);
    expect(textOf(third)).toBe(REPORT);
    expect(third.metadata).toMatchObject({ status: "completed" });
    expect(callsOf(third)[1]).toMatchObject({ output: "short", providerExecuted: true });
  });

  it("takes a no, and goes on with what is said next", async () => {
    const page = new Page(await serve(reportChat(open)));
    await page.read(await page.say("tides"));

    const denied = await page.read(await page.answer(approve(false)));
    expect(textOf(denied)).toBe("Left alone.");
    expect(callsOf(denied)).toMatchObject([{ state: "output-denied" }]);

    await page.read(await page.say("wind"));
    const answered = await fetch(`${page.api}/${page.id}`);
    const history = (await answered.json()) as { readonly messages: readonly UIMessage[] };
    expect(history).toMatchObject({
      messages: [
        { role: "user", parts: [{ text: "tides" }] },
        { role: "assistant", id: denied.id },
        { role: "user", parts: [{ text: "wind" }] },
      ],
    });
    const kept = history.messages[1]!;
    expect(railOf(kept)).toEqual(railOf(denied));
    expect(textOf(kept)).toBe("Left alone.");
  });

  it("goes on when the client has gone, and tells all of it to the client that comes back", async () => {
    const gates = gate();
    const page = new Page(await serve(reportChat(gates.wait)));
    // The client leaves while both searches go on.
    await page.read(await page.say("tides"), (message) => railOf(message).length === 4);
    page.messages.pop();
    gates.open("search");

    const again = new Page(page.api);
    const asked = await again.read(await again.resume());
    expect(railOf(asked).at(-1)).toBe("approve waiting");
    await again.read(await again.answer(approve(true)));
    const stream = await again.answer(fill("short"));
    await again.read(stream, (message) => textOf(message) !== "");

    // It leaves once more, in the middle of the report.
    const last = new Page(page.api);
    const rest = await last.resume();
    gates.open("report");
    const whole = await last.read(rest);
    expect(textOf(whole)).toBe(REPORT);
    expect(railOf(whole)).toHaveLength(7);
    // When it is over there is nothing to resume, and a page that begins has its states by the same ids.
    expect(await last.resume()).toBeNull();
    const kept = await fetch(`${page.api}/${page.id}`);
    const { messages } = (await kept.json()) as { readonly messages: readonly UIMessage[] };
    const states = ({ parts }: UIMessage) => parts.filter(({ type }) => type === "data-state");
    expect(messages).toHaveLength(2);
    expect(states(messages[1]!)).toEqual(states(whole));
    expect(textOf(messages[1]!)).toBe(REPORT);
  });

  it("stops only when it is told to", async () => {
    const gates = gate();
    const page = new Page(await serve(reportChat(gates.wait)));
    const reading = page.read(await page.say("tides"));

    const stopped = await fetch(`${page.api}/${page.id}/stop`, { method: "POST" });

    expect(stopped.status).toBe(204);
    const message = await reading;
    expect(message.metadata).toMatchObject({ status: "cancelled" });
    expect(railOf(message).filter((state) => state.endsWith("cancelled")).length).toBeGreaterThan(0);
    expect(await page.resume()).toBeNull();
  });

  it("asks before a tool of an agent runs, shows the call with its output, and tells the model of a no", async () => {
    const deleted: string[] = [];
    const remove = tool({
      name: "remove",
      description: "Removes a file.",
      input: z.object({ file: z.string() }),
      approve: true,
      invoke: ({ file }) => {
        deleted.push(file);
        return `removed ${file}`;
      },
    });
    const call = { calls: [{ name: "remove", input: { file: "a.txt" } }] };
    const model = scriptedModel([call, "Done.", call, "As you like."]);
    const cleaner = agent({ name: "cleaner", instructions: "Clean up.", model, tools: [remove] });
    const page = new Page(await serve(agentRuntime(cleaner)));

    const asked = await page.read(await page.say("clean"));
    expect(callsOf(asked)).toMatchObject([
      { toolName: "remove", input: { file: "a.txt" }, state: "approval-requested" },
    ]);
    expect(deleted).toEqual([]);
    const done = await page.read(await page.answer(approve(true)));
    expect(deleted).toEqual(["a.txt"]);
    expect(callsOf(done)).toMatchObject([
      { toolName: "remove", state: "output-available", output: "removed a.txt" },
    ]);
    expect(textOf(done)).toBe("Done.");

    await page.read(await page.say("again"));
    const denied = await page.read(await page.answer(approve(false, "It is mine.")));
    expect(deleted).toEqual(["a.txt"]);
    expect(callsOf(denied)).toMatchObject([
      { toolName: "remove", state: "output-denied", approval: { reason: "It is mine." } },
    ]);
    expect(textOf(denied)).toBe("As you like.");
    expect(JSON.stringify(model.requests.at(-1))).toContain("It is mine.");
  });

  it("says in its own form what failed, and nothing of what nobody may read", async () => {
    const page = new Page(await serve(reportChat(open)));

    const failing = page.read(await page.say("fail"));
    await expect(failing).rejects.toThrow(/failed/);
    await expect(failing).rejects.not.toThrow(/passwd/);
    await expect(
      page.transport.sendMessages({
        trigger: "submit-message",
        chatId: "../x",
        messageId: undefined,
        messages: [user("hi")],
        abortSignal: undefined,
      }),
    ).rejects.toThrow(/session has to be/);
    await expect(new Page(page.api.replace("research", "nobody")).say("hi")).rejects.toThrow(
      'There is no chat "nobody"',
    );
  });

  it.each([
    ["{", 400],
    ["", 400],
    ["[]", 400],
    ['{"id":"c"}', 400],
    ['{"id":"c","messages":[{"role":"system","parts":[]}]}', 400],
    ['{"id":"c","messages":[{"role":"user","parts":[]}]}', 400],
    ['{"id":"c","messages":[{"role":"user","parts":[{"type":"file","url":"data:,x"}]}]}', 415],
    [JSON.stringify({ id: "c", messages: ["x".repeat(2_000_000)] }), 413],
  ])("refuses a body that is none of a chat (%#)", async (body, status) => {
    const api = await serve(reportChat(open));

    const response = await fetch(api, { method: "POST", body });

    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(/^\S.*\.$/s);
  });

  it("knows no conversation of another principal, by whichever call", async () => {
    const who = (request: Request): Principal => ({ id: request.headers.get("x-user") ?? "nobody" });
    const api = await serve(reportChat(open), who);
    const ann = new Page(api, "chat1", { "x-user": "ann" });
    const asked = await ann.read(await ann.say("tides"));
    const eve = new Page(api, "chat1", { "x-user": "eve" });
    eve.messages = [user("tides"), asked];

    expect(await eve.resume()).toBeNull();
    await expect(eve.answer(approve(true))).rejects.toThrow('There is no session "chat1"');
    const headers = { "x-user": "eve" };
    expect((await fetch(`${api}/chat1`, { headers })).status).toBe(404);
    expect((await fetch(`${api}/chat1/stop`, { method: "POST", headers })).status).toBe(404);
    // Hers goes on as if nobody had tried.
    expect(railOf(await ann.read(await ann.answer(approve(true)))).at(-1)).toBe("style waiting");
  });
});

/** Gates that stay open once they were opened. */
function gate(): { readonly wait: Parameters<typeof reportChat>[0]; readonly open: (place: string) => void } {
  const doors = new Map<string, PromiseWithResolvers<void>>();
  const at = (place: string): PromiseWithResolvers<void> => {
    const door = doors.get(place) ?? Promise.withResolvers<void>();
    doors.set(place, door);
    return door;
  };
  return {
    wait: (place, signal) =>
      Promise.race([
        at(place).promise,
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      ]),
    open: (place) => at(place).resolve(),
  };
}

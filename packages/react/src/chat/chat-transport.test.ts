/** The transport in a chat of the AI SDK, with a server on a socket. */
import { Chat } from "@ai-sdk/react";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { orchestration, question, runnable, speech } from "@orch/core";
import { createServer, type Server } from "@orch/server";
import { aiSdk } from "@orch/server/ai-sdk";
import { type ListeningServer, listen } from "@orch/server/node";
import type { UIMessage } from "ai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { answersAreComplete } from "./answers-are-complete.ts";
import { chatTransport, type OrchChatTransport } from "./chat-transport.ts";

const spend = question("spend", { ask: (topic: string) => `Spend 5 on ${topic}?`, answer: z.boolean() });
const city = question("city", { ask: () => "Which city?", answer: z.string().min(2) });
const stall = runnable(
  "stall",
  (_: boolean, ctx) =>
    new Promise<string>((_resolve, reject) => {
      ctx.emit(speech, "Working");
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason), { once: true });
    }),
);
const go = runnable("go", (name: string, ctx) => {
  ctx.emit(speech, `To ${name}.`);
  return `To ${name}.`;
});
const trip = orchestration("trip", (o) =>
  o
    .start(spend)
    .advance(spend, city, { when: (yes) => yes, convert: () => undefined })
    .advance(spend, stall)
    .advance(city, go)
    .finish(go, stall),
);

let server: Server;
let listening: ListeningServer;
let transport: OrchChatTransport;
const bodies: string[] = [];

beforeEach(async () => {
  const configuration = orchestrationRuntime(trip, {
    toInput: ({ text }) => text,
    toMessage: (text) => text,
  });
  server = createServer({
    chats: { trip: { configuration } },
    orchestrations: { once: { orchestration: trip } },
    doors: [aiSdk()],
  });
  listening = await listen(server);
  bodies.length = 0;
  transport = transportTo("trip");
});
afterEach(() => listening.stop());

function transportTo(name: string): OrchChatTransport {
  return chatTransport({
    url: listening.url,
    api: `/ai-sdk/${name}`,
    headers: { "x-page": "1" },
    fetch: (input, init) => {
      if (typeof init?.body === "string") bodies.push(init.body);
      return fetch(input, init);
    },
  });
}

/** A chat as `useChat` has it. */
function open(id: string, through: OrchChatTransport = transport): Chat<UIMessage> {
  return new Chat<UIMessage>({ id, transport: through, sendAutomaticallyWhen: answersAreComplete });
}

interface Part {
  readonly type: string;
  readonly state?: string;
  readonly toolCallId?: string;
  readonly approval?: { readonly id: string };
}
const partsOf = (chat: Chat<UIMessage>): readonly Part[] => chat.lastMessage?.parts ?? [];
const openPart = (chat: Chat<UIMessage>): Part =>
  partsOf(chat).find(({ state }) => state === "approval-requested" || state === "input-available")!;
const textOf = (chat: Chat<UIMessage>): string =>
  (chat.lastMessage?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
/** Resolves when `holds` is true; the chat works on meanwhile. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
const isReady = (chat: Chat<UIMessage>, status: string): boolean =>
  chat.status === "ready" && (chat.lastMessage?.metadata as { readonly status?: string })?.status === status;

describe("a chat with the transport", () => {
  it("goes on by itself after each answer, once, and sends the newest message only", async () => {
    const chat = open("c1");
    await chat.sendMessage({ text: "a trip" });
    await chat.addToolApprovalResponse({ id: openPart(chat).approval!.id, approved: true });
    await until(() => isReady(chat, "waiting") && openPart(chat)?.state === "input-available");
    await chat.addToolOutput({ tool: "question", toolCallId: openPart(chat).toolCallId!, output: "Rome" });
    await until(() => isReady(chat, "completed"));

    expect(textOf(chat)).toBe("To Rome.");
    await chat.sendMessage({ text: "another" });
    expect(
      bodies
        .map((body) => JSON.parse(body) as { messages: UIMessage[] })
        .map(({ messages }) => messages.map(({ role }) => role)),
    ).toEqual([["user"], ["assistant"], ["assistant"], ["user"]]);
    const said = await transport.history("c1");
    expect(said.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("says which answer does not fit, and takes the next one", async () => {
    const chat = open("c2");
    await chat.sendMessage({ text: "a trip" });
    await chat.addToolApprovalResponse({ id: openPart(chat).approval!.id, approved: true });
    await until(() => isReady(chat, "waiting") && openPart(chat)?.state === "input-available");
    const toolCallId = openPart(chat).toolCallId!;
    await chat.addToolOutput({ tool: "question", toolCallId, output: "R" });
    await until(() => chat.status === "error");
    expect(chat.error).toMatchObject({ name: "ServerCallError", status: 422 });

    await chat.addToolOutput({ tool: "question", toolCallId, output: "Rome" });
    await until(() => isReady(chat, "completed"));
    expect(textOf(chat)).toBe("To Rome.");
  });

  it("stops the answer on the server, where the chat's own stop only stops reading", async () => {
    const chat = open("c3");
    await chat.sendMessage({ text: "a trip" });
    await chat.addToolApprovalResponse({ id: openPart(chat).approval!.id, approved: false });
    await until(() => textOf(chat) === "Working");
    await chat.stop();
    expect((await server.conversations().history("trip", "c3")).answering).toBeDefined();

    const resumed = open("c3");
    const reading = resumed.resumeStream();
    await until(() => textOf(resumed) === "Working");
    await transport.stop("c3");
    await reading;
    expect(resumed.lastMessage?.metadata).toMatchObject({ status: "cancelled" });
    expect(await transport.reconnectToStream({ chatId: "c3" })).toBeNull();
  });

  it("reaches an orchestration: one message, one run, told again when it is over", async () => {
    const through = transportTo("once");
    const chat = open("r1", through);
    await chat.sendMessage({ text: "a trip" }, { body: { input: "the sea" } });
    expect(chat.lastMessage?.parts).toContainEqual(expect.objectContaining({ title: "Spend 5 on the sea?" }));
    await chat.addToolApprovalResponse({ id: openPart(chat).approval!.id, approved: true });
    await until(() => isReady(chat, "waiting") && openPart(chat)?.state === "input-available");
    await chat.addToolOutput({ tool: "question", toolCallId: openPart(chat).toolCallId!, output: "Rome" });
    await until(() => isReady(chat, "completed"));

    const again = open("r1", through);
    await again.resumeStream();
    expect([textOf(again), again.lastMessage?.id]).toEqual(["To Rome.", "r1"]);
    expect(await through.history("r1")).toEqual([]);
    await chat.sendMessage({ text: "another" });
    expect(chat.error?.message).toContain("answers one message");
  });

  it("has no history of a chat that has not begun, and says why a request was refused", async () => {
    expect(await transport.history("new")).toEqual([]);
    const chat = open("c4", transportTo("nobody"));
    await chat.sendMessage({ text: "hi" });
    expect(chat.error?.message).toContain('There is no chat "nobody"');
  });
});

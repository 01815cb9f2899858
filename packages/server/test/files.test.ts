/** Files in messages through the doors, by the official client of each: handed on to the model, or refused by name. */
import { HttpAgent } from "@ag-ui/client";
import { agent } from "@orch/agents";
import { agentRuntime } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { DefaultChatTransport, type FileUIPart, readUIMessageStream, type UIMessage } from "ai";
import OpenAI from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { agUi } from "../src/ag-ui.ts";
import { aiSdk } from "../src/ai-sdk.ts";
import { createServer } from "../src/index.ts";
import { json } from "../src/json.ts";
import { type ListeningServer, listen } from "../src/node.ts";
import { openai } from "../src/openai.ts";

/** The smallest picture. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const DATA = `data:image/png;base64,${PNG}`;
const PDF = btoa("%PDF-1.7 and so on");
const FAR = "https://example.org/cat.png";
const picture = { type: "file", mediaType: "image/png", data: PNG };

let listening: ListeningServer | undefined;
afterEach(async () => {
  await listening?.stop();
  listening = undefined;
  vi.restoreAllMocks();
});

/** A server of three chats on one model: `looks` takes pictures and documents, `reads` bytes only, `plain` text only. */
async function serve() {
  const model = scriptedModel(Array.from({ length: 8 }, () => "A cat."));
  const configuration = agentRuntime(agent({ name: "looker", instructions: "Look.", model }));
  const shout = runnable("shout", (text: string) => text.toUpperCase());
  const server = createServer({
    chats: {
      looks: { configuration, files: { types: ["image/*", "application/pdf"], addresses: true, most: 2 } },
      reads: { configuration, files: { types: ["image/png"] } },
      plain: { configuration },
    },
    orchestrations: { shout: { orchestration: orchestration("shout", (o) => o.start(shout).finish(shout)) } },
    doors: [json(), aiSdk(), openai(), agUi()],
  });
  listening = await listen(server, { port: 0 });
  const { url } = listening;
  const client = new OpenAI({ apiKey: "unused", baseURL: `${url}/openai/v1`, maxRetries: 0 });
  /** What the model was given last. */
  const given = () => model.requests.at(-1)!.messages.at(-1)!.content;
  return { url, server, model, client, given };
}

async function say(url: string, chat: string, ...files: FileUIPart[]): Promise<string> {
  const transport = new DefaultChatTransport<UIMessage>({ api: `${url}/ai-sdk/${chat}` });
  const message: UIMessage = {
    id: "m1",
    role: "user",
    parts: [{ type: "text", text: "What is it?" }, ...files],
  };
  const sent = { chatId: "c1", messages: [message] };
  const stream = await transport.sendMessages({
    ...sent,
    trigger: "submit-message",
    messageId: undefined,
    abortSignal: undefined,
  });
  let last: UIMessage | undefined;
  for await (const next of readUIMessageStream({ stream, terminateOnError: true })) last = next;
  return last!.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

const uiFile = (url: string, mediaType = "image/png"): FileUIPart => ({ type: "file", mediaType, url });

describe("a file in a message reaches the model", () => {
  it("from AI SDK UI, and the conversation names it afterwards", async () => {
    const { url, given } = await serve();
    expect(await say(url, "looks", { ...uiFile(DATA), filename: "cat.png" })).toBe("A cat.");
    expect(given()).toEqual([
      { type: "text", text: "What is it?" },
      { ...picture, name: "cat.png" },
    ]);
    const { messages } = (await (await fetch(`${url}/ai-sdk/looks/c1`)).json()) as { messages: UIMessage[] };
    expect(messages[0]!.parts).toContainEqual({
      ...{ type: "data-file", id: "file:0" },
      data: { mediaType: "image/png", name: "cat.png" },
    });
  });

  it("from the OpenAI client, in both of its APIs", async () => {
    const { client, given } = await serve();
    const text = { type: "text", text: "What is it?" } as const;
    await client.chat.completions.create({
      model: "looks",
      messages: [{ role: "user", content: [text, { type: "image_url", image_url: { url: DATA } }] }],
    });
    expect(given()).toEqual([text, picture]);
    const file = {
      type: "file",
      file: { file_data: `data:application/pdf;base64,${PDF}`, filename: "a.pdf" },
    } as const;
    await client.chat.completions.create({ model: "looks", messages: [{ role: "user", content: [file] }] });
    expect(given()).toEqual([{ type: "file", mediaType: "application/pdf", data: PDF, name: "a.pdf" }]);
    const first = await client.responses.create({
      model: "looks",
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is it?" },
            { type: "input_image", image_url: FAR, detail: "auto" },
            { type: "input_file", file_data: PDF, filename: "a.pdf" },
          ],
        },
      ],
    });
    expect(given()).toEqual([
      text,
      { type: "file", mediaType: "image/png", url: FAR },
      { type: "file", mediaType: "application/pdf", data: PDF, name: "a.pdf" },
    ]);
    await client.responses.create({ model: "looks", input: "And now?", previous_response_id: first.id });
    expect(given()).toEqual([{ type: "text", text: "And now?" }]);
  });

  it("from the client of AG-UI", async () => {
    const { url, given } = await serve();
    const page = new HttpAgent({ url: `${url}/ag-ui/looks` });
    page.addMessage({
      ...{ id: "m1", role: "user" },
      content: [
        { type: "text", text: "What is it?" },
        { type: "image", source: { type: "data", value: PNG, mimeType: "image/png" } },
        { type: "document", source: { type: "url", value: "https://example.org/a.pdf" } },
      ],
    });
    await page.runAgent();
    expect(given()).toEqual([
      { type: "text", text: "What is it?" },
      picture,
      { type: "file", mediaType: "application/pdf", url: "https://example.org/a.pdf" },
    ]);
  });

  it("from the plain door, without a text too", async () => {
    const { url, server, given } = await serve();
    const body = JSON.stringify({
      text: "",
      files: [{ mediaType: "image/png", data: PNG, name: "cat.png" }],
    });
    const sent = await fetch(`${url}/v1/chats/reads/messages`, { method: "POST", body });
    expect(sent.status).toBe(202);
    const { session, turn } = (await sent.json()) as { readonly session: string; readonly turn: string };
    for await (const _ of await server.conversations().follow("reads", session, turn));
    expect(given()).toEqual([{ ...picture, name: "cat.png" }]);
    const { history } = await server.conversations().history("reads", session);
    expect(history).toMatchObject([
      { files: [{ mediaType: "image/png", name: "cat.png" }], answer: "A cat." },
    ]);
  });
});

describe("a file that is not taken is refused, and nothing is started", () => {
  it.each([
    ["plain", uiFile(DATA), /text only/],
    ["reads", uiFile(`data:application/pdf;base64,${PDF}`, "application/pdf"), /takes image\/png/],
    ["reads", uiFile(FAR), /no address/],
    ["reads", uiFile("data:image/png;base64,no!"), /no base64/],
    ["looks", uiFile("http://127.0.0.1/latest/meta-data", "image/png"), /https:/],
    ["looks", uiFile("file:///etc/passwd", "image/png"), /https:/],
    ["shout", uiFile(DATA), /no files/],
  ])("by %s: %o", async (chat, file, reason) => {
    const { url, model } = await serve();
    await expect(say(url, chat, file)).rejects.toThrow(reason);
    expect(model.requests).toEqual([]);
  });

  it("with the code of the error, in the form of each protocol", async () => {
    const { url, client, model } = await serve();
    const body = JSON.stringify({ text: "x", files: [{ mediaType: "image/png", data: PNG }] });
    const plain = await fetch(`${url}/v1/chats/plain/messages`, { method: "POST", body });
    expect([plain.status, await plain.json()]).toMatchObject([415, { code: "ORCH_SERVER_FILE" }]);
    const bad = JSON.stringify({ text: "x", files: [{ data: 1 }] });
    expect((await fetch(`${url}/v1/chats/looks/messages`, { method: "POST", body: bad })).status).toBe(400);
    const image = { type: "image_url", image_url: { url: DATA } } as const;
    const completion = client.chat.completions.create({
      ...{ model: "plain", messages: [{ role: "user", content: [image] }] },
    });
    await expect(completion).rejects.toMatchObject({ status: 415, code: "ORCH_SERVER_FILE" });
    const kept = { type: "input_image", file_id: "file-1", detail: "auto" } as const;
    const response = client.responses.create({ model: "looks", input: [{ role: "user", content: [kept] }] });
    await expect(response).rejects.toMatchObject({ status: 415, code: "ORCH_SERVER_FILE" });
    vi.spyOn(console, "error").mockImplementation(() => {});
    const page = new HttpAgent({ url: `${url}/ag-ui/plain` });
    const source = { type: "data", value: PNG, mimeType: "image/png" } as const;
    page.addMessage({ id: "m1", role: "user", content: [{ type: "image", source }] });
    await expect(page.runAgent()).rejects.toMatchObject({ status: 415 });
    expect(model.requests).toEqual([]);
  });

  it("when there are too many, or the body is too large", async () => {
    const { url } = await serve();
    await expect(say(url, "looks", uiFile(DATA), uiFile(DATA), uiFile(DATA))).rejects.toThrow(/takes 2/);
    await expect(say(url, "looks", uiFile(`${DATA}${"A".repeat(1_100_000)}`))).rejects.toThrow(/1048576/);
  });
});

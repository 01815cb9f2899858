/** The door of the OpenAI APIs, by the official client over a real socket. */
import { memoryHost } from "@orch/core/host";
import type OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { type ServedModels, serveModels } from "./openai-server.ts";

let served: ServedModels | undefined;
const serve = async (options: Parameters<typeof serveModels>[0] = {}): Promise<ServedModels> => {
  served = await serveModels(options);
  return served;
};
afterEach(async () => {
  await served?.stop();
  served = undefined;
});

type Message = OpenAI.ChatCompletionMessageParam;
const user = (content: string): Message => ({ role: "user", content });

describe("models", () => {
  it("lists chats and orchestrations, and gives one by its name", async () => {
    const { client } = await serve();
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(["counter", "article", "essay", "sum", "twice", "order", "broken", "endless"]);
    expect(await client.models.retrieve("essay")).toMatchObject({ id: "essay", object: "model" });
    await expect(client.models.retrieve("none")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      type: "invalid_request_error",
    });
  });
});

describe("chat completions", () => {
  it("answers whole, with what was used", async () => {
    const { client } = await serve();
    const { choices, usage } = await client.chat.completions.create({
      model: "essay",
      messages: [user("tides")],
    });
    expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "About tides." } });
    expect(choices[0]?.message).toMatchObject({ reasoning_content: "[write]\n" });
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
  });

  it("streams pieces, and the usage where it is asked for", async () => {
    const { client } = await serve();
    const stream = client.chat.completions.stream({
      model: "essay",
      messages: [user("tides")],
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    stream.on("content", (delta) => pieces.push(delta));
    const completion = await stream.finalChatCompletion();
    expect(pieces.filter((piece) => piece !== "")).toEqual(["About ", "tides", "."]);
    expect(completion.choices[0]?.message.content).toBe("About tides.");
    expect(completion.usage?.total_tokens).toBe(5);
  });

  it("ends its turn with a question, and takes the next message as the answer", async () => {
    const { client } = await serve();
    const messages: Message[] = [user("tides")];
    const say = async (): Promise<string> => {
      const { choices } = await client.chat.completions.create({ model: "article", messages });
      const { content } = choices[0]!.message;
      messages.push({ role: "assistant", content });
      return content ?? "";
    };
    expect(await say()).toMatch(/^Publish "About tides\."\?\n\n\[question [\w-]+\]$/);
    messages.push(user("perhaps"));
    expect(await say()).toMatch(/does not fit[\s\S]*Publish "About tides\."\?/);
    messages.push(user("yes"));
    expect(await say()).toBe("Published.");
    messages.push(user("rivers"));
    expect(await say()).toContain('Publish "About rivers."?');
  });

  it("tells a chat what was said before, three turns long", async () => {
    const { client } = await serve();
    const messages: Message[] = [];
    for (const text of ["one", "two", "three"]) {
      messages.push(user(text));
      const { choices } = await client.chat.completions.create({ model: "counter", messages });
      const { content } = choices[0]!.message;
      expect(content).toContain(text);
      messages.push({ role: "assistant", content });
    }
    expect(messages.at(-1)?.content).toContain("user: one\n\nassistant: 1: one\n\nuser: two");
  });

  it("goes on with a session that is named", async () => {
    const { client } = await serve();
    const metadata = { session: "mine" };
    for (const [at, text] of ["one", "two"].entries()) {
      const { choices } = await client.chat.completions.create({
        model: "counter",
        messages: [user(text)],
        metadata,
      });
      expect(choices[0]?.message.content).toBe(`${at + 1}: ${text}`);
    }
  });

  it("reads an object from the message, and gives one as JSON", async () => {
    const { client } = await serve();
    const ask = (content: string) =>
      client.chat.completions.create({ model: "sum", messages: [user(content)] });
    const { choices } = await ask('{"a": 2, "b": 3}');
    expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ sum: 5 });
    await expect(ask("two and three")).rejects.toMatchObject({ status: 400, code: "ORCH_SERVER_INPUT" });
  });

  it("starts one run for requests with one idempotency key", async () => {
    const { client, server } = await serve();
    const ask = () =>
      client.chat.completions.create(
        { model: "essay", messages: [user("tides")] },
        { headers: { "idempotency-key": "k-1" } },
      );
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.id).toBe(other.id);
    expect(await server.runs({ id: "Bearer ada" }).list()).toHaveLength(1);
  });

  it("tells of a failure once, in the form of the API, without the words of what was thrown", async () => {
    const { client, server } = await serve();
    const messages = [user("x")];
    const whole = client.chat.completions.create({ model: "broken", messages });
    await expect(whole).rejects.toMatchObject({
      status: 500,
      type: "server_error",
      code: "ORCH_RUNNABLE_FAILED",
    });
    await expect(whole).rejects.not.toThrow(/passwd|sk-/);
    expect(await server.runs({ id: "Bearer ada" }).list()).toHaveLength(1);
    const stream = await client.chat.completions.create({ model: "broken", messages, stream: true });
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
  });

  it("stops nothing when its client leaves", async () => {
    const { client, server } = await serve();
    const stream = await client.chat.completions.create({
      model: "endless",
      messages: [user("x")],
      stream: true,
    });
    for await (const { choices } of stream) if (choices[0]?.delta.content === "Working") break;
    stream.controller.abort();
    const [run] = await server.runs({ id: "Bearer ada" }).list();
    expect(run?.status).toBe("running");
  });
});

describe("responses", () => {
  it("answers whole, and keeps the answer", async () => {
    const { client } = await serve();
    const made = await client.responses.create({ model: "essay", input: "tides" });
    expect(made).toMatchObject({
      status: "completed",
      output_text: "About tides.",
      usage: { total_tokens: 5 },
    });
    const again = await client.responses.retrieve(made.id);
    expect(again).toMatchObject({ id: made.id, status: "completed", output_text: "About tides." });
  });

  it("streams states as reasoning, and the answer in pieces", async () => {
    const { client } = await serve();
    const stream = client.responses.stream({ model: "essay", input: "tides" });
    const types: string[] = [];
    const deltas: string[] = [];
    stream.on("event", ({ type }) => types.push(type));
    stream.on("response.output_text.delta", ({ delta }) => deltas.push(delta));
    const { output_text, output } = await stream.finalResponse();
    expect(deltas).toEqual(["About ", "tides", "."]);
    expect(output_text).toBe("About tides.");
    expect(output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    expect(types.slice(0, 3)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
    ]);
    expect(types.at(-1)).toBe("response.completed");
  });

  it("goes on by the id of the response before: an answer, and three turns of a chat", async () => {
    const { client } = await serve();
    const asked = await client.responses.create({ model: "article", input: "tides" });
    expect(asked.output_text).toContain('Publish "About tides."?');
    expect(asked.metadata).toMatchObject({ questions: expect.stringContaining("approve") });
    const told = await client.responses.create({
      model: "article",
      input: "yes",
      previous_response_id: asked.id,
    });
    expect(told).toMatchObject({ output_text: "Published.", previous_response_id: asked.id });
    expect((await client.responses.retrieve(told.id)).output_text).toBe("Published.");
    expect((await client.responses.retrieve(asked.id)).output_text).toBe(asked.output_text);

    let previous: string | undefined;
    for (const [at, text] of ["one", "two", "three"].entries()) {
      const more = previous === undefined ? {} : { previous_response_id: previous };
      const { id, output_text } = await client.responses.create({ model: "counter", input: text, ...more });
      expect(output_text).toBe(`${at + 1}: ${text}`);
      previous = id;
    }
  });

  it("goes on with a conversation", async () => {
    const { client } = await serve();
    const conversation = await client.conversations.create();
    for (const [at, text] of ["one", "two"].entries()) {
      const { output_text } = await client.responses.create({
        model: "counter",
        input: text,
        conversation: conversation.id,
      });
      expect(output_text).toBe(`${at + 1}: ${text}`);
    }
    expect((await client.conversations.retrieve(conversation.id)).id).toBe(conversation.id);
  });

  it("works in the background, is followed again from its beginning, and is stopped by its id", async () => {
    const { client, server } = await serve();
    const begun = await client.responses.create({ model: "endless", input: "x", background: true });
    expect(begun.status).toBe("in_progress");
    const stream = client.responses.stream({ response_id: begun.id });
    const worked = new Promise<void>((resolve) => stream.on("response.output_text.delta", () => resolve()));
    await worked;
    const stopped = await client.responses.cancel(begun.id);
    expect(stopped.status).toBe("cancelled");
    await stream.done().catch(() => {});
    const [run] = await server.runs({ id: "Bearer ada" }).list();
    expect(run?.status).toBe("cancelled");
    expect((await client.responses.retrieve(begun.id)).status).toBe("cancelled");
  });

  it("is followed from where a client was, and to its end after the server was started anew", async () => {
    const host = memoryHost();
    const first = await serve({ host });
    const read = async ({ client }: ServedModels, id: string, after: number) => {
      const events: OpenAI.Responses.ResponseStreamEvent[] = [];
      const stream = await client.responses.retrieve(id, { stream: true, starting_after: after });
      for await (const event of stream) events.push(event);
      return events;
    };
    const { id } = await first.client.responses.create({ model: "essay", input: "tides" });
    const all = await read(first, id, -1);
    const middle = all.length - 3;
    expect(await read(first, id, middle - 1)).toEqual(all.slice(middle));
    await first.stop();
    const second = await serve({ host });
    // A client that had more pieces of the text than there are now.
    const late = await read(second, id, 1000);
    expect(late).toMatchObject([{ type: "response.completed", sequence_number: 1001 }]);
    expect(JSON.stringify(late)).toContain("About tides.");
    const bad = second.client.get(`/responses/${id}?stream=true&starting_after=x`);
    await expect(bad).rejects.toMatchObject({ status: 400, code: "ORCH_SERVER_REQUEST" });
  });

  it("takes an answer after the server was started anew", async () => {
    const host = memoryHost();
    const first = await serve({ host });
    const asked = await first.client.responses.create({ model: "article", input: "tides" });
    await first.stop();
    const second = await serve({ host });
    const told = await second.client.responses.create({
      model: "article",
      input: "no",
      previous_response_id: asked.id,
    });
    expect(told.output_text).toBe("Kept.");
  });

  it("answers what was shown, and no later question", async () => {
    const { client, server } = await serve();
    const asked = await client.responses.create({ model: "twice", input: "x" });
    const runs = server.runs({ id: "Bearer ada" });
    const [run] = await runs.list();
    await runs.answer(run!.run, (await runs.describe(run!.run)).questions[0]!.question, true);
    const told = await client.responses.create({
      model: "twice",
      input: "yes",
      previous_response_id: asked.id,
    });
    expect(told.output_text).toContain("And delete it?");
    expect((await runs.describe(run!.run)).status).toBe("waiting");
  });

  it("refuses a message to a response that goes on", async () => {
    const { client } = await serve();
    const begun = await client.responses.create({ model: "endless", input: "x", background: true });
    const more = client.responses.create({ model: "endless", input: "y", previous_response_id: begun.id });
    await expect(more).rejects.toMatchObject({ status: 400, code: "ORCH_SERVER_REQUEST" });
    await client.responses.cancel(begun.id);
  });

  it("answers several open questions by their ids", async () => {
    const { client } = await serve();
    const asked = await client.responses.create({ model: "order", input: "x" });
    const [one = "", other = ""] = JSON.parse(asked.metadata?.["questions"] ?? "[]") as string[];
    const input = JSON.stringify({ [one]: "blue", [other]: 3 });
    const told = await client.responses.create({ model: "order", input, previous_response_id: asked.id });
    expect(JSON.parse(told.output_text)).toEqual({ colour: "blue", count: 3 });
  });

  it("knows no response of another principal", async () => {
    const { client, clientOf } = await serve();
    const asked = await client.responses.create({ model: "article", input: "tides" });
    const eve = clientOf("eve");
    const unknown = { status: 404, type: "invalid_request_error" };
    await expect(eve.responses.retrieve(asked.id)).rejects.toMatchObject(unknown);
    await expect(eve.responses.cancel(asked.id)).rejects.toMatchObject(unknown);
    const stolen = eve.responses.create({ model: "article", input: "yes", previous_response_id: asked.id });
    await expect(stolen).rejects.toMatchObject(unknown);
    expect((await client.responses.retrieve(asked.id)).output_text).toContain("Publish");
  });
});

it("serves 50 clients side by side, each its own", async () => {
  const { clientOf } = await serve();
  const texts = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const client = clientOf(`client-${at}`);
      const asked = await client.responses.create({ model: "article", input: `topic ${at}` });
      const stream = client.responses.stream({
        model: "article",
        input: "y",
        previous_response_id: asked.id,
      });
      return [asked.output_text.split("\n")[0], (await stream.finalResponse()).output_text];
    }),
  );
  expect(texts).toEqual(
    Array.from({ length: 50 }, (_, at) => [`Publish "About topic ${at}."?`, "Published."]),
  );
});

import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { handoff } from "../../src/agent/handoff/handoff.ts";
import { tool } from "../../src/agent/tool.ts";
import { runAgent } from "../../src/run/runner.ts";
import { type Message, userMessage } from "../../src/words/message.ts";
import type { ModelEvent } from "../../src/words/model.ts";
import { answeringServer, type Body, claude, compatible, gpt, sayItems } from "./answering-server.ts";

const NO_INPUT = z.object({});
const view = tool({ name: "view", description: "x", input: NO_INPUT, invoke: async () => "page" });

const searches = [
  ["openai", gpt, { type: "web_search" }],
  ["anthropic", claude, { type: "web_search_20250305", name: "web_search" }],
  ["lab", compatible, { type: "builtin_function", function: { name: "$web_search" } }],
] as const;

for (const [provider, dialect, search] of searches) {
  test(`A21: tools that run at ${provider} stand beside the agent's own, and other options do not take either away`, async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const settings = { providerOptions: { [provider]: { tools: [search], metadata: { a: "b" } } } };
    const model = dialect.model(server.url);
    const both = await runAgent(agent({ name: "a", model, tools: [view], settings }), "go");
    expect(both.stopReason).toBe("done");
    const names = server.bodies[0].tools.map((one: Body) => one.function?.name ?? one.name ?? one.type);
    expect(names).toEqual(["view", search.type === "builtin_function" ? "$web_search" : "web_search"]);
    expect(server.bodies[0].metadata).toEqual({ a: "b" });
    await runAgent(agent({ name: "a", model, settings }), "go");
    expect(server.bodies[1].tools).toEqual([search]);
    expect(server.bodies[1].tool_choice?.type).not.toBe("none");
  });

  test(`A21: an option of ${provider} that would replace a tool, the conversation or the stream is told, and left out`, async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const twin = { type: "function", name: "view", function: { name: "view" }, input_schema: {} };
    const settings = {
      providerOptions: { [provider]: { tools: [twin], messages: [], input: "x", stream: false } },
    };
    const model = dialect.model(server.url);
    const result = await runAgent(agent({ name: "a", model, tools: [view], settings }), "go");
    expect(result.stopReason).toBe("done");
    expect(server.bodies[0].tools).toHaveLength(1);
    expect(server.bodies[0].stream).toBe(true);
    expect(JSON.stringify(server.bodies[0])).toContain("go");
    for (const word of ['"view"', "stream"]) expect(result.warnings.join()).toContain(word);
  });
}

test("A21: options of OpenAI are merged: the answer's schema and the thinking stay", async () => {
  const server = await answeringServer((res) => gpt.say(res, { text: '{"city":"Oslo"}' }));
  const settings = {
    providerOptions: { openai: { text: { verbosity: "low" }, include: ["web_search_call.action.sources"] } },
  };
  const model = gpt.model(server.url);
  const result = await runAgent(
    agent({ name: "a", model, output: z.object({ city: z.string() }), settings }),
    "go",
  );
  expect(result.output).toEqual({ city: "Oslo" });
  expect(server.bodies[0].text).toMatchObject({ verbosity: "low", format: { type: "json_schema" } });
  expect(server.bodies[0].include).toEqual(["reasoning.encrypted_content", "web_search_call.action.sources"]);
});

test("A21: a picture that the provider made is a file part, goes back whole, and is told to another provider", async () => {
  const picture = { type: "image_generation_call", id: "ig_1", status: "completed", result: "iVBORw0KGgo=" };
  const server = await answeringServer((res, { n }) =>
    n === 1 ? sayItems(res, [picture]) : gpt.say(res, { text: "bigger" }),
  );
  const model = gpt.model(server.url);
  const settings = { providerOptions: { openai: { tools: [{ type: "image_generation" }] } } };
  const first = await runAgent(agent({ name: "a", model, settings }), "draw");
  expect(first.messages.at(-1)?.content).toMatchObject([
    { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" },
  ]);
  const next = await runAgent(agent({ name: "a", model, settings }), [
    ...first.messages,
    userMessage("bigger"),
  ]);
  expect(server.bodies[1].input).toContainEqual(picture);
  expect(next.warnings).toEqual([]);
  const other = await answeringServer((res) => claude.say(res, { text: "ok" }));
  const moved = await runAgent(agent({ name: "a", model: claude.model(other.url) }), next.messages);
  expect(moved.stopReason).toBe("done");
  expect(moved.warnings.join()).toContain("image/png");
});

const round: { self?: unknown } = {};
round.self = round;
const results: readonly [string, unknown, RegExp, boolean][] = [
  ["a circle", round, /did run.*only its result could not be kept/, true],
  ["a BigInt", { n: 1n }, /did run.*only its result could not be kept/, true],
  ["an error", new Error("inside"), /^inside$/, true],
  ["an error of an own class", new RangeError("too far"), /^too far$/, true],
  ["a map", new Map([["a", 1]]), /^\{"a":1\}$/, false],
  ["a map with other keys, inside", { m: new Map([[1, "x"]]) }, /^\{"m":\[\[1,"x"\]\]\}$/, false],
  ["a set", new Set([1, 2]), /^\[1,2\]$/, false],
  ["an error inside", { problem: new Error("deep") }, /"message":"deep"/, false],
  ["a function", () => "secret source", /did run(?!.*secret source)/, true],
  ["bytes", new Uint8Array([1, 2]), /did run.*bytes/, true],
  ["a response", new Response("x"), /did run.*Response/, true],
  ["a date", new Date(0), /^"1970-01-01T00:00:00.000Z"$/, false],
  [
    "an object whose text throws",
    {
      toJSON: () => {
        throw new Error("no");
      },
    },
    /did run.*no\./,
    true,
  ],
];

test("A22: a tool that ran is said to have run, and what can be kept of its result is kept", async () => {
  for (const [title, value, text, isError] of results) {
    let ran = 0;
    const pay = tool({
      name: "pay",
      description: "x",
      input: NO_INPUT,
      invoke: async () => {
        ran++;
        return value as string;
      },
    });
    const server = await answeringServer((res, { n }) =>
      compatible.say(res, n > 1 ? { text: "ok" } : { calls: [{ id: "c1", name: "pay", input: {} }] }),
    );
    const result = await runAgent(
      agent({ name: "a", model: compatible.model(server.url), tools: [pay] }),
      "go",
    );
    const part = (result.messages.find(({ role }) => role === "tool") as Body).content[0];
    expect([ran, part.isError === true], title).toEqual([1, isError]);
    expect(part.output, title).toMatch(text);
  }
});

test("A22: an error that is returned ends the run of a tool that may not fail, as a thrown one does", async () => {
  const pay = tool({
    name: "pay",
    description: "x",
    input: NO_INPUT,
    onError: "stop",
    invoke: async () => new Error("no money") as never,
  });
  const server = await answeringServer((res) =>
    compatible.say(res, { calls: [{ id: "c1", name: "pay", input: {} }] }),
  );
  const result = await runAgent(
    agent({ name: "a", model: compatible.model(server.url), tools: [pay] }),
    "go",
  );
  expect([result.stopReason, result.failure?.message]).toEqual(["error", "no money"]);
});

test("A23: the agent that goes on does not read of transfers that lost; calls beside them stay", async () => {
  const calls = [
    { id: "c1", name: "view", input: {} },
    { id: "c2", name: "transfer_to_one", input: {} },
    { id: "c3", name: "transfer_to_two", input: {} },
  ];
  for (const filter of [undefined, (messages: readonly Message[]) => messages]) {
    const server = await answeringServer((res, { n }) =>
      compatible.say(res, n === 1 ? { calls } : { text: "one" }),
    );
    const model = compatible.model(server.url);
    const one = agent({ name: "one", model });
    const two = agent({ name: "two", model });
    const first = agent({
      name: "first",
      model,
      tools: [view],
      handoffs: [handoff(one, { ...(filter && { filter }) }), two],
    });
    const result = await runAgent(first, "go");
    expect([result.stopReason, result.agent]).toEqual(["done", "one"]);
    const seen = JSON.stringify(server.bodies[1].messages);
    expect(seen).not.toContain("transfer_to_two");
    expect(seen).not.toContain("c3");
    expect(seen).toContain("transfer_to_one");
    expect(seen).toContain("view");
    expect(JSON.stringify(result.messages), "the conversation itself stays whole").toContain(
      "transfer_to_two",
    );
    const again = await runAgent(first, [...result.messages, userMessage("on")]);
    expect(again.agent).toBe("one");
    expect(JSON.stringify(server.bodies[2].messages), "nor in a later run").not.toContain("transfer_to_two");
  }
});

const chunk = (model: string, more: object = {}): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 0, model, choices: [], ...more })}\n\n`;
const says = (delta: object, finish_reason: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason }],
});

const beginnings: readonly [string, readonly string[], string | undefined][] = [
  [
    "a first chunk without a name",
    [chunk("", { prompt_filter_results: [] }), chunk("gpt-4o", says({ content: "hi" }))],
    "gpt-4o",
  ],
  ["two of them", [chunk(""), chunk(""), chunk("gpt-4o", says({ content: "hi" }))], "gpt-4o"],
  ["no name at all", [chunk("", says({ content: "hi" }))], undefined],
  [
    "a name that goes away later",
    [chunk("gpt-4o", says({ role: "assistant" })), chunk("", says({ content: "hi" }))],
    "gpt-4o",
  ],
];

test("A15: a stream begins with the first name that is not empty", async () => {
  for (const [title, chunks, model] of beginnings) {
    const server = await answeringServer((res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      for (const one of [...chunks, chunk("", says({}, "stop"))]) res.write(one);
      res.end("data: [DONE]\n\n");
    });
    const events: ModelEvent[] = [];
    const { signal } = new AbortController();
    for await (const event of compatible.model(server.url).stream({ messages: [userMessage("go")], signal }))
      events.push(event);
    expect(events[0], title).toEqual({ type: "start", ...(model && { model }) });
    expect(events.filter(({ type }) => type === "start")).toHaveLength(1);
    expect(events.at(-1), title).toMatchObject({ message: { finish: { reason: "stop" } } });
  }
});

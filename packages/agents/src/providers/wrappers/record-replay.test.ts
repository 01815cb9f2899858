import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { agent, resolveModel, runAgent, tool, userMessage } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { beginEvents, DONE, hostileServer, unnamed } from "../../../test/hostile-server.ts";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import type { ModelEvent } from "../../words/model.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-record-"));
  file = join(folder, "calls.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weather = tool({
  name: "weather",
  description: "The weather.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `rain in ${city}`,
});

/** Records one run of an agent with a tool, and gives its result. */
async function recordedRun() {
  const script = scriptedModel([{ calls: [{ name: "weather", input: { city: "Oslo" } }] }, "It rains."]);
  return runAgent(agent({ name: "helper", model: record(script, file), tools: [weather] }), "Oslo?");
}

it("replays a run of an agent with tools to the same messages, usage and output", async () => {
  const first = await recordedRun();
  const again = agent({ name: "helper", model: await replay(file), tools: [weather] });
  expect(await runAgent(again, "Oslo?")).toEqual(first);
  expect((await readFile(file, "utf8")).trim().split("\n").length).toBe(3);
});

it("replays event for event, failures too", async () => {
  const model = record(
    scriptedModel([{ text: "Half of", failure: { kind: "overloaded", status: 529 } }]),
    file,
  );
  const events: ModelEvent[] = [];
  for await (const event of model.stream(ask("a"))) events.push(event);
  const again: ModelEvent[] = [];
  for await (const event of (await replay(file)).stream(ask("a"))) again.push(event);
  expect(again).toEqual(events);
  expect(again.at(-1)).toMatchObject({ message: { finish: { error: { status: 529 } } } });
});

it("says what differs when a question was not recorded", async () => {
  await recordedRun();
  const again = agent({ name: "helper", model: await replay(file), tools: [weather] });
  const error: unknown = await runAgent(again, "Bergen?").catch((thrown: unknown) => thrown);
  expect(isOrchError(error, "ORCH_REPLAY_MISS")).toBe(true);
  expect(error).toMatchObject({
    facts: {
      recorded: 2,
      replayed: 0,
      differences: ['messages[0].content[0].text: recorded "Oslo?", now "Bergen?"'],
    },
  });
  expect((error as Error).message).toContain("Record again");
});

it("shows long texts from where they part, and at most five places", async () => {
  const long = "x".repeat(5_000);
  await generate(record(scriptedModel(["Hi."]), file), ask(`${long} Oslo`));
  const one = await generate(await replay(file), ask(`${long} Rome`)).catch(
    (thrown: Error) => thrown.message,
  );
  expect(one).toMatch(/recorded …"x{14} Oslo", now …"x{14} Rome"/);

  const messages = Array.from({ length: 9 }, (_, index) => userMessage(`m${index}`));
  const many = await generate(await replay(file), ask("a", { messages })).catch((thrown: unknown) => thrown);
  expect(many).toMatchObject({ facts: { differences: { length: 5 } } });
});

it("answers the same question as often as it was asked, each time in its turn", async () => {
  const model = record(scriptedModel(["one", "two"]), file);
  for (let call = 0; call < 2; call++) await generate(model, ask("a"));
  const again = await replay(file);
  const texts: unknown[] = [];
  for (let call = 0; call < 2; call++) texts.push((await generate(again, ask("a"))).message.content[0]);
  expect(texts).toEqual([
    { type: "text", text: "one" },
    { type: "text", text: "two" },
  ]);
  await expect(generate(again, ask("a"))).rejects.toThrow(/more often now than it was then/);
});

it("leaves out of the comparison what the user says is chance", async () => {
  const compare = ({ messages: _, ...rest }: object & { messages?: unknown }) =>
    rest as { [key: string]: never };
  await generate(record(scriptedModel(["Hi."]), file), ask("It is Monday."));
  const again = await replay(file, { compare });
  expect((await generate(again, ask("It is Friday."))).message.finish.reason).toBe("stop");
});

it("replays calls that ran side by side, whatever order they come in", async () => {
  const model = record(
    scriptedModel((request) => `echo ${JSON.stringify(request.messages).length}`),
    file,
  );
  const questions = Array.from({ length: 20 }, (_, index) => "q".repeat(index + 1));
  const first = await Promise.all(questions.map((question) => generate(model, ask(question))));
  const again = await replay(file);
  const second = await Promise.all(questions.toReversed().map((question) => generate(again, ask(question))));
  expect(second.toReversed()).toEqual(first);
});

it("writes no key, no header and no password, and what it wrote still replays", async () => {
  const key = "canary-93b1f5c2";
  const server = await hostileServer((response) => {
    beginEvents(response);
    response.end(
      `${unnamed(
        {
          choices: [
            { index: 0, delta: { role: "assistant", content: `I saw ${key} and sk-proj-abcdef123456.` } },
          ],
        },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      )}${DONE}`,
    );
  });
  const providers = {
    lab: {
      kind: "openai-compatible" as const,
      baseURL: `${server.url}/v1`,
      apiKey: key,
      headers: { "x-api-key": key },
    },
  };
  const options = { secrets: [key] };
  const model = record(resolveModel("lab/m", { providers }, { env: {} }), file, options);
  const question = ask(`my key is ${key}, and btoa gives ${btoa(key)}`, {
    headers: { authorization: `Bearer ${key}` },
    providerOptions: { lab: { apiKey: "hunter2hunter2", user: "me" } },
  });
  await generate(model, question);
  await server.close();
  const text = await readFile(file, "utf8");
  for (const form of [key, btoa(key).replace(/=+$/, ""), "hunter2", "sk-proj", "authorization"]) {
    expect(text).not.toContain(form);
  }
  expect(text).toContain("[redacted]");
  const again = await replay(file, options);
  expect((await generate(again, question)).message.finish.reason).toBe("stop");
  const missed: unknown = await generate(again, question).catch((thrown: unknown) => thrown);
  expect(inspect(missed, { depth: 9 })).not.toContain(key);
});

it("leaves out a call that was cancelled", async () => {
  const controller = new AbortController();
  const model = record(scriptedModel([{ stall: true }, "Hi."]), file);
  const stalled = generate(model, ask("a", { signal: controller.signal }));
  controller.abort();
  await stalled;
  await generate(model, ask("b"));
  expect((await readFile(file, "utf8")).trim().split("\n").length).toBe(2);
});

it("warns when the file cannot be written, and the answer stands", async () => {
  const model = record(scriptedModel(["Hi."]), join(folder, "missing", "calls.jsonl"));
  const { message, warnings } = await generate(model, ask("a"));
  expect(message.finish.reason).toBe("stop");
  expect(warnings?.[0]).toMatch(/^The call was not recorded: ENOENT/);
});

it("begins a recording with the first line that can be written", async () => {
  const lines: string[] = [];
  let broken = true;
  const model = record(scriptedModel(["one", "two", "three"]), (line) => {
    if (broken) throw new TypeError("full");
    lines.push(line);
  });
  expect((await generate(model, ask("a"))).warnings).toEqual(["The call was not recorded: full"]);
  broken = false;
  await generate(model, ask("b"));
  await generate(model, ask("c"));
  const again = await replay({ text: lines.join("") });
  expect((await generate(again, ask("c"))).message.content).toEqual([{ type: "text", text: "three" }]);
});

it.each([
  ["", "ORCH_RECORDING", 1],
  ["not json", "ORCH_RECORDING", 1],
  ['{"type":"model","version":1,"id":{},"caps":{}}\n{"type":"call"', "ORCH_RECORDING", 2],
  ['{"type":"model","version":2,"id":{},"caps":{}}', "ORCH_RECORDING", 1],
  [
    '{"type":"model","version":1,"id":{},"caps":{}}\n{"type":"call","request":{},"events":[]}',
    "ORCH_RECORDING",
    2,
  ],
])("names the line of a recording that cannot be read: %j", async (text, code, line) => {
  await expect(replay({ text })).rejects.toMatchObject({ code, facts: { line } });
});

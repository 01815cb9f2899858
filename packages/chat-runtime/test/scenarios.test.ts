/** Scenarios that any engine of this pattern has to get right, by number: those with agents and a conversation. The others stand in packages/core/test. */
import { type Agent, agent, agentEvents, agentRunnable, textOf } from "@orch/agents";
import { each, orchestration, runnable } from "@orch/core";
import { recordRun, toText } from "@orch/core/draw";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import type { ChatEvent } from "../src/index.ts";
import { ChatRuntime, orchestrationRuntime } from "../src/index.ts";

async function read(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const said = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === "message.delta" ? event.text : "")).join("");
/** What the run underneath did; the events of the turn around it are none of its own. */
const recordOf = (events: readonly ChatEvent[]) =>
  recordRun(events.flatMap((event) => ("runId" in event ? [event] : [])));

/** An agent, and a state after it that ends the run. */
function simple(answering: Agent) {
  const answer = agentRunnable(answering);
  const exit = runnable("exit", (text: string) => text);
  return orchestration("simple", (o) => o.start(answer).advance(answer, exit).finish(exit));
}

it("S2 an agent's answer becomes the message; its text arrives in order; the run has two steps and can be drawn", async () => {
  const answering = agent({ name: "answering", model: scriptedModel(["High water comes twice a day."]) });
  const flow = simple(answering);
  const runtime = new ChatRuntime(
    orchestrationRuntime(flow, {
      toInput: ({ text }) => text,
      toMessage: (text) => text,
      speaks: (_path, state) => state === "answering",
    }),
  );
  const stream = runtime.send("When is high water?");
  const events = await read(stream);
  const record = recordOf(events);

  expect(textOf((await stream.reply).message)).toBe("High water comes twice a day.");
  expect(said(events)).toBe("High water comes twice a day.");
  expect(runtime.history.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(Object.values(record.states).map(({ id, status }) => `${id} ${status}`)).toEqual([
    "answering completed",
    "exit completed",
  ]);
  expect(toText(flow.graph, { run: record })).toMatch(/● answering .*\n.*exit.*\n.*● exit ◎/);
});

const Plan = z.array(z.object({ query: z.string(), why: z.string() }));
const Report = z.object({ title: z.string(), content: z.string() });

/** Planning, research by at most four at once, reporting; `heard` collects what each was given. */
function research(queries: readonly string[], heard: unknown[]) {
  const plan = queries.map((query) => ({ query, why: "to know" }));
  const planner = agent({
    name: "planner",
    model: scriptedModel([{ value: { value: plan } }]),
    output: Plan,
  });
  const reporterModel = scriptedModel([{ value: { title: "Tides", content: "They rise." } }]);
  const reporter = agent({ name: "reporter", model: reporterModel, output: Report });
  let busy = 0;
  let most = 0;
  const search = runnable("search", async (item: z.infer<typeof Plan>[number]) => {
    heard.push(item);
    busy += 1;
    most = Math.max(most, busy);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    busy -= 1;
    return `found ${item.query}`;
  });
  const searchAll = each("searchAll", search, { concurrency: 4 });
  const planning = agentRunnable(planner);
  const reporting = agentRunnable<readonly string[], z.infer<typeof Report>>(reporter);
  const flow = orchestration("research", (o) =>
    o
      .start(planning)
      .advance(planning, searchAll, { when: (items) => items.length > 0 })
      .advance(searchAll, reporting)
      .finish(reporting),
  );
  return { flow, plan, reporterModel, most: () => most };
}

it("S3 a typed pipeline of agents: each gets what the one before gave, four searches at once, and no way on with an empty plan", async () => {
  const heard: unknown[] = [];
  const { flow, plan, reporterModel, most } = research(["a", "b", "c", "d", "e", "f"], heard);
  const report = await flow.run("tides");

  expect(report.title).toBe("Tides");
  expect(heard).toEqual(plan);
  expect(most()).toBe(4);
  const [request] = reporterModel.requests;
  expect(JSON.stringify(request?.messages)).toContain("found a");
  expect(JSON.stringify(request?.messages)).toContain("found f");

  const empty = research([], []);
  await expect(empty.flow.run("tides")).rejects.toMatchObject({
    code: "ORCH_NO_ADVANCE",
    facts: { runnable: "planner", tried: [{ to: "searchAll", verdict: "declined" }] },
  });
  expect(empty.reporterModel.requests).toHaveLength(0);
});

it("S4 only the last state streams to the transcript, under its own name, and the record adds up what was used", async () => {
  const usage = (input: number, output: number) => ({ input, output });
  const writer = (name: string, text: string, input: number, output: number) =>
    agentRunnable(agent({ name, model: scriptedModel([{ text, usage: usage(input, output) }]) }));
  const planner = writer("planner", "a plan for it", 100, 20);
  const researcher = writer("researcher", "what was found", 200, 30);
  const reporter = writer("reporter", "the report at last", 300, 40);
  const flow = orchestration("report", (o) =>
    o.start(planner).advance(planner, researcher).advance(researcher, reporter).finish(reporter),
  );
  const runtime = new ChatRuntime(
    orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: (text) => text }),
  );
  const events = await read(runtime.send("tides"));
  const deltas = events.filter((event) => event.type === "message.delta");
  const record = recordOf(events);

  expect(said(events)).toBe("the report at last");
  expect(new Set(deltas.map(({ path }) => path))).toEqual(new Set(["report/reporter#1"]));
  expect(record.tokens).toBe(100 + 20 + 200 + 30 + 300 + 40);
  expect(events.at(-1)).toMatchObject({ type: "turn.completed", usage: { input: 600, output: 90 } });
});

it("S19 a turn that is cancelled in a model call leaves the conversation usable", async () => {
  const model = scriptedModel([{ text: "Once upon", stall: true }, "Here again."]);
  const runtime = new ChatRuntime(
    orchestrationRuntime(simple(agent({ name: "answering", model })), {
      toInput: ({ text }) => text,
      toMessage: (text) => text,
    }),
  );
  const stream = runtime.send("A story");
  for await (const event of stream) {
    if (event.type === "state.output" && agentEvents.of(event)?.type === "agent.model") break;
  }
  await stream.cancel("enough");
  await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });

  expect(model.requests[0]?.signal?.aborted).toBe(true);
  expect(textOf(await runtime.invoke("Are you there?"))).toBe("Here again.");
});

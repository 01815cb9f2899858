import * as api from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { agent, agentEvents, agentRunnable, type Model, runAgent, tool } from "@orch/agents";
import { asTool, handoff } from "@orch/agents/team";
import {
  all,
  background,
  collect,
  dossier,
  each,
  items,
  orchestration,
  runnable,
  sharedState,
  signal,
  until,
} from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { type ManualClock, manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { withRetry } from "../../providers/wrappers/retry-model.ts";
import { type TraceOptions, traceEvents } from "./trace-events.ts";

/** The real SDK, with an exporter that keeps the spans. */
function lab(options: TraceOptions = {}) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const getTracer = (name: string) => provider.getTracer(name);
  const door = {
    ROOT_CONTEXT: api.ROOT_CONTEXT,
    trace: { getTracer, setSpan: api.trace.setSpan.bind(api.trace) },
  };
  return { tracing: traceEvents(door, options), spans: () => exporter.getFinishedSpans() };
}

/** The spans as an indented list, children under their parents in the order of their starts. */
function tree(spans: readonly ReadableSpan[]): string[] {
  const lines: string[] = [];
  const below = (parent: string | undefined, depth: number): void => {
    const children = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
    for (const span of children.toSorted((a, b) => starts(a) - starts(b) || order(spans, a, b))) {
      lines.push(`${"  ".repeat(depth)}${span.name}`);
      below(span.spanContext().spanId, depth + 1);
    }
  };
  below(undefined, 0);
  return lines;
}
const starts = ({ startTime: [seconds, nanos] }: ReadableSpan): number => seconds * 1e3 + nanos / 1e6;
const ends = ({ endTime: [seconds, nanos] }: ReadableSpan): number => seconds * 1e3 + nanos / 1e6;
const order = (spans: readonly ReadableSpan[], a: ReadableSpan, b: ReadableSpan) =>
  spans.indexOf(a) - spans.indexOf(b);
const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.find((span) => span.name === name);
  if (found === undefined)
    expect.unreachable(`no span "${name}" in ${spans.map((span) => span.name).join(", ")}`);
  return found;
};

const CANARY = "canary-5e1f";
const weather = tool({
  name: "weather",
  description: "The weather.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `rain in ${city} ${CANARY}`,
});
const broken = tool({
  name: "broken",
  description: "Fails.",
  input: z.object({}),
  invoke: () => {
    throw new TypeError(`no luck, ${CANARY}`);
  },
});

function helper(name = "helper") {
  const price = { input: 1, output: 1, cacheRead: 0.5 };
  const usage = { input: 100, output: 20, cacheRead: 40, cacheWrite: 10, reasoning: 5 };
  const model = scriptedModel(
    [
      {
        text: `Let me see ${CANARY}`,
        calls: [{ name: "weather", input: { city: CANARY } }, { name: "broken" }, { name: "nope" }],
        usage,
      },
      { text: `It rains ${CANARY}`, usage },
    ],
    { id: { provider: "lab", model: "m1" }, caps: { price } },
  );
  return agent({ name, model, tools: [weather, broken], instructions: CANARY });
}

it("makes one trace of a run: its states, agents, model calls and tools inside each other", async () => {
  const { tracing, spans } = lab();
  const ask = agentRunnable(helper(), { id: "ask" });
  const report = runnable("report", (text: string) => text.toUpperCase());
  const flow = orchestration("flow", (o) => o.start(ask).advance(ask, report).finish(report));
  flow.on("*", tracing.run);
  await flow.run("Weather?");
  expect(tree(spans())).toEqual(
    [
      "invoke_workflow flow",
      "  state ask",
      "    invoke_agent helper",
      "      chat m1",
      "      execute_tool nope",
      "      execute_tool weather",
      "      execute_tool broken",
      "      chat m1",
      "  state report",
    ].map((line) => expect.stringMatching(new RegExp(`^${line}$`))) as never,
  );
  expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
});

it("uses the names of the conventions for models, tokens, tools and failures", async () => {
  const { tracing, spans } = lab();
  await runAgent(helper(), "Weather?", { onEvent: tracing.agent() });
  const run = named(spans(), "invoke_agent helper");
  expect(run.kind).toBe(api.SpanKind.INTERNAL);
  expect(run.attributes).toEqual({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "helper",
    "gen_ai.provider.name": "lab",
    "gen_ai.request.model": "m1",
    "gen_ai.usage.input_tokens": 200,
    "gen_ai.usage.output_tokens": 40,
    "gen_ai.usage.cache_read.input_tokens": 80,
    "gen_ai.usage.cache_creation.input_tokens": 20,
    "gen_ai.usage.reasoning.output_tokens": 10,
    "orch.agent.stop_reason": "done",
    "orch.usage.cost_usd": expect.closeTo(200e-6),
  });
  const chat = named(spans(), "chat m1");
  expect(chat.kind).toBe(api.SpanKind.CLIENT);
  expect(chat.attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "lab",
    "gen_ai.request.model": "m1",
    "gen_ai.request.stream": true,
    "gen_ai.response.model": "m1",
    "gen_ai.response.finish_reasons": ["tool-calls"],
    "gen_ai.response.time_to_first_chunk": expect.any(Number),
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 20,
    "gen_ai.usage.cache_read.input_tokens": 40,
    "gen_ai.usage.cache_creation.input_tokens": 10,
    "gen_ai.usage.reasoning.output_tokens": 5,
  });
  expect(named(spans(), "execute_tool weather").attributes).toEqual({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "weather",
    "gen_ai.tool.call.id": "call_1",
    "gen_ai.tool.type": "function",
  });
  const failed = named(spans(), "execute_tool broken");
  expect(failed.status).toEqual({ code: api.SpanStatusCode.ERROR, message: "tool_error" });
  expect(failed.attributes["error.type"]).toBe("tool_error");
  expect(named(spans(), "execute_tool nope").status.code).toBe(api.SpanStatusCode.ERROR);
  expect(run.status.code).toBe(api.SpanStatusCode.UNSET);
});

it("writes nothing of what was said, unless it is asked to", async () => {
  const flowOf = () => {
    const ask = agentRunnable(helper(), { id: "ask" });
    const fail = runnable("fail", (): string => {
      throw new TypeError(`it broke at ${CANARY}`);
    });
    return orchestration("flow", (o) => o.start(ask).advance(ask, fail).finish(fail));
  };
  const written = async (options: TraceOptions) => {
    const { tracing, spans } = lab(options);
    const flow = flowOf();
    flow.on("*", tracing.run);
    await flow.run(`Weather? ${CANARY}`).catch(() => {});
    return spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  };
  expect(JSON.stringify(await written({}))).not.toContain(CANARY);

  const spans = await written({ content: true });
  const attribute = (name: string, key: string) => spans.find((span) => span.name === name)?.attributes[key];
  expect(attribute("execute_tool weather", "gen_ai.tool.call.arguments")).toBe(`{"city":"${CANARY}"}`);
  expect(attribute("execute_tool weather", "gen_ai.tool.call.result")).toBe(`rain in ${CANARY} ${CANARY}`);
  expect(attribute("chat m1", "gen_ai.output.messages")).toContain(`"content":"Let me see ${CANARY}"`);
  expect(attribute("state ask", "orch.state.input")).toBe(`Weather? ${CANARY}`);
  expect(spans.find(({ name }) => name === "state fail")?.status.message).toContain(`it broke at ${CANARY}`);

  expect(JSON.stringify(await written({ content: true, secrets: [CANARY] }))).not.toContain(CANARY);
});

it("finds the parents of parallel branches by their paths", async () => {
  const { tracing, spans } = lab();
  // All four are open at once, and end in the reverse order of their starts.
  const open: (() => void)[] = [];
  const step = runnable("step", (item: string) => {
    const held = new Promise<string>((resolve) => open.push(() => resolve(item)));
    if (open.length === 4) for (const go of open.toReversed()) go();
    return held;
  });
  const inner = orchestration<string, string>("inner", (o) => o.start(step).finish(step));
  const fan = each("fan", all("both", { left: inner, right: inner }));
  const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
  flow.on("*", tracing.run);
  await flow.run(["a", "b"]);
  const both = ["    state both", ...Array(2).fill(["      state inner", "        state step"]).flat()];
  expect(tree(spans())).toEqual(["invoke_workflow flow", "  state fan", ...both, ...both]);
  for (const span of spans()) {
    const parent = spans().find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId);
    const pathOf = (one: ReadableSpan): string => String(one.attributes["orch.state.path"]);
    if (parent !== undefined) expect(pathOf(span).startsWith(pathOf(parent))).toBe(true);
  }
});

it("keeps the agents of branches that run side by side apart", async () => {
  const { tracing, spans } = lab();
  const one = agentRunnable(helper("one"));
  const two = agentRunnable(helper("two"));
  const both = all("both", { one, two });
  const flow = orchestration("flow", (o) => o.start(both).finish(both));
  flow.on("*", tracing.run);
  await flow.run("Weather?");
  const lines = tree(spans());
  for (const name of ["one", "two"]) {
    const at = lines.indexOf(`      invoke_agent ${name}`);
    expect(lines[at - 1]).toBe(`    state ${name}`);
    expect(lines.slice(at + 1, at + 6).filter((line) => line.startsWith("        ")).length).toBe(5);
  }
  expect(spans().length).toBe(1 + 1 + 2 * (1 + 1 + 5));
});

it("tells of retries, of a model and of a state, as events of their spans", async () => {
  const clock = manualClock();
  const { tracing, spans } = lab({ clock });
  const busy = { failure: { kind: "overloaded", status: 529, message: "busy", retryable: true } } as const;
  const model = withRetry(scriptedModel([busy, "Hi."]), { clock, random: () => 1 });
  const running = runAgent(agent({ name: "helper", model }), "Hi", { onEvent: tracing.agent(), clock });
  await clock.advance(500);
  await running;
  const chat = named(spans(), "chat scripted");
  expect(chat.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["retry", { "orch.retry.attempt": 1, "orch.retry.delay_ms": 500, "error.type": "overloaded" }],
  ]);
  // The span is as long as all attempts together, by the clock of the run.
  expect(ends(chat) - starts(chat)).toBeCloseTo(500);

  let tries = 0;
  const flaky = runnable({
    id: "flaky",
    retry: { attempts: 2, firstDelay: 1_000, jitter: false },
    invoke: (_: string) => {
      if (tries++ === 0) throw new TypeError("not yet");
      return "done";
    },
  });
  const flow = orchestration("flow", (o) => o.start(flaky).finish(flaky));
  flow.on("*", tracing.run);
  await ticking(clock, flow.run("x", { clock }));
  expect(named(spans(), "state flaky").events).toMatchObject([
    {
      name: "retry",
      attributes: { "orch.retry.attempt": 1, "orch.retry.delay_ms": 1_000, "error.type": "TypeError" },
    },
  ]);
});

async function ticking<TValue>(clock: ManualClock, work: Promise<TValue>): Promise<TValue> {
  await clock.advance(10_000);
  return work;
}

it("marks what failed: the call, the agent, the state and the run, with the kind of failure", async () => {
  const { tracing, spans } = lab();
  const failure = { kind: "auth", status: 401, message: `bad key ${CANARY}`, retryable: false } as const;
  const ask = agentRunnable(agent({ name: "helper", model: scriptedModel([{ failure }]) }), { id: "ask" });
  const flow = orchestration("flow", (o) => o.start(ask).finish(ask));
  flow.on("*", tracing.run);
  await flow.run("x").catch(() => {});
  const failed = (name: string) => [
    named(spans(), name).status,
    named(spans(), name).attributes["error.type"],
  ];
  const ERROR = api.SpanStatusCode.ERROR;
  expect(failed("chat scripted")).toEqual([{ code: ERROR, message: "auth (401)" }, "auth"]);
  expect(failed("invoke_agent helper")).toEqual([{ code: ERROR, message: "auth" }, "auth"]);
  const thrown = "ORCH_RUNNABLE_FAILED";
  expect(failed("state ask")).toEqual([{ code: ERROR, message: thrown }, thrown]);
  expect(named(spans(), "invoke_workflow flow").status.code).toBe(ERROR);
  expect(JSON.stringify(spans().map(({ attributes, status }) => [attributes, status]))).not.toContain(CANARY);
});

it("ends every span of a run that is cancelled, and calls none of them failed", async () => {
  const { tracing, spans } = lab();
  const ask = agentRunnable(agent({ name: "helper", model: scriptedModel([{ stall: true }]) }), {
    id: "ask",
  });
  const flow = orchestration("flow", (o) => o.start(ask).finish(ask));
  flow.on("*", tracing.run);
  const run = flow.start("x");
  for await (const event of run.events()) if (agentEvents.of(event)?.type === "agent.turn.started") break;
  await run.cancel();
  expect(tree(spans())).toEqual([
    "invoke_workflow flow",
    "  state ask",
    "    invoke_agent helper",
    "      chat scripted",
  ]);
  expect(spans().every(({ status }) => status.code === api.SpanStatusCode.UNSET)).toBe(true);
  expect(named(spans(), "invoke_workflow flow").attributes["orch.cancelled"]).toBe(true);
});

it("E04, further: goes on with the trace of a run when another start under its id is refused", async () => {
  const { tracing, spans } = lab();
  const door = Promise.withResolvers<string>();
  const waits = runnable("waits", () => door.promise);
  const flow = orchestration("flow", (o) => o.start(waits).finish(waits));
  flow.on("*", tracing.run);
  const host = memoryHost();
  const run = flow.start(undefined, { host, runId: "r" });
  await run.accepted;
  await flow.start(undefined, { host, runId: "r" }).result.catch(() => {});
  expect(spans()).toEqual([]);
  door.resolve("x");
  await run.result;

  expect(spans().map(({ name }) => name)).toEqual(["state waits", "invoke_workflow flow"]);
});

it("puts an agent that is a tool under its call, and an agent that is handed to beside the first", async () => {
  const { tracing, spans } = lab();
  const child = helper("child");
  const asked = asTool(child, { name: "ask_child", description: "Asks." });
  const model = scriptedModel([{ calls: [{ name: "ask_child", input: { input: "Weather?" } }] }, "Done."]);
  await runAgent(agent({ name: "parent", model, tools: [asked] }), "x", { onEvent: tracing.agent() });
  expect(tree(spans()).slice(0, 5)).toEqual([
    "invoke_agent parent",
    "  chat scripted",
    "  execute_tool ask_child",
    "    invoke_agent child",
    "      chat m1",
  ]);

  const second = lab();
  const billing = agent({ name: "billing", model: scriptedModel(["Paid."]) });
  const triage = agent({
    name: "triage",
    model: scriptedModel([{ calls: [{ name: "transfer_to_billing" }] }]),
    handoffs: [handoff(billing)],
  });
  await runAgent(triage, "x", { onEvent: second.tracing.agent() });
  expect(tree(second.spans()).filter((line) => line.startsWith("invoke_agent"))).toEqual([
    "invoke_agent triage",
    "invoke_agent billing",
  ]);
});

it("says nothing of a cost where a price is unknown", async () => {
  const { tracing, spans } = lab();
  await runAgent(agent({ name: "helper", model: scriptedModel(["Hi."]) }), "x", { onEvent: tracing.agent() });
  expect(named(spans(), "invoke_agent helper").attributes).not.toHaveProperty("orch.usage.cost_usd");
});

it("hangs a run below a span of the user's own", async () => {
  const own = lab();
  const outer = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const parent = api.trace.setSpanContext(api.ROOT_CONTEXT, outer);
  const { tracing, spans } = lab({ parent });
  const step = runnable("step", (x: string) => x);
  const flow = orchestration("flow", (o) => o.start(step).finish(step));
  flow.on("*", tracing.run);
  await flow.run("x");
  expect(named(spans(), "invoke_workflow flow").parentSpanContext?.spanId).toBe(outer.spanId);
  expect(spans().every((span) => span.spanContext().traceId === outer.traceId)).toBe(true);
  expect(own.spans()).toEqual([]);
});

it("takes the module of the API as it is, and does nothing without an SDK", async () => {
  const step = runnable("step", (x: string) => x);
  const flow = orchestration("flow", (o) => o.start(step).finish(step));
  flow.on("*", traceEvents(api).run);
  expect(await flow.run("x")).toBe("x");
});

it("A21: a tool that ran at the provider is a span under its model call, without what was said", async () => {
  const { tracing, spans } = lab();
  const part = {
    type: "provider-call",
    id: "s1",
    name: "web_search",
    status: "failed",
    input: { query: CANARY },
    output: CANARY,
  } as const;
  const model: Model = {
    id: { provider: "p", api: "a", model: "m" },
    caps: scriptedModel([]).caps,
    stream: async function* () {
      yield { type: "start" };
      yield { type: "provider-call", index: 0, id: "s1", name: "web_search" };
      yield { type: "part", index: 0, part };
      yield { type: "provider-call", index: 1, id: "s2", name: "code" };
      const message = {
        role: "assistant" as const,
        content: [part, { type: "text" as const, text: "hi" }],
        origin: model.id,
        finish: { reason: "stop" as const },
      };
      yield { type: "finish", message, usage: { input: 1, output: 1, webSearches: 1 } };
    },
  };
  const only = agentRunnable(agent({ name: "a", model }));
  const flow = orchestration("o", (o) => o.start(only).finish(only));
  flow.on("*", tracing.run);
  await flow.run("go");
  expect(tree(spans()).map((line) => line.trim())).toEqual(
    expect.arrayContaining(["execute_tool web_search", "execute_tool code"]),
  );
  const call = named(spans(), "chat m");
  const tools = spans().filter(({ name }) => name.startsWith("execute_tool"));
  expect(tools.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    call.spanContext().spanId,
    call.spanContext().spanId,
  ]);
  expect(JSON.stringify(tools.map(({ attributes, status }) => [attributes, status.code]))).not.toContain(
    CANARY,
  );
});

/** A fan-out that grows and whose results are taken as they come, a rest in the background, and waits of both sorts. */
async function sale(options: TraceOptions = {}): Promise<readonly ReadableSpan[]> {
  const { tracing, spans } = lab(options);
  const desk = dossier<{ ticket: string }>("desk");
  const paid = signal("paid", z.object({ note: z.string() }));
  const votes = sharedState("votes", { yes: { start: 0 } });
  const gate = Promise.withResolvers<void>();
  const take = runnable("take", (text: string) => text);
  const audit = runnable("audit", async (text: string) => {
    await gate.promise;
    return text;
  });
  const seal = runnable("seal", (text: string) => text);
  const audits = orchestration("audits", (o) => o.start(audit).advance(audit, seal).finish(seal));
  const beside = background("beside", audits);
  const links = items<string>("links");
  const visit = runnable("visit", (url: string, ctx) => {
    if (url === "a") links.add(ctx, "b");
    return url;
  });
  const crawl = each("crawl", visit, { items: links, follow: runnable("sum", (page: string) => page) });
  const some = each("some", seal, { first: 1, concurrency: 1, rest: "background" });
  const payment = until("payment", { signal: paid, timeout: 60_000 });
  const vote = runnable("vote", (_: unknown, ctx) => ctx.state(votes).set("yes", 1));
  const quorum = until("quorum", { when: (_: unknown, ctx) => ctx.state(votes).get("yes") > 0 });
  const both = all("both", { quorum, vote });
  const ended = runnable("open", () => gate.resolve());
  const late = collect("late", beside);
  const flow = orchestration("order", (o) =>
    o
      .start(take)
      .advance(take, beside, { add: desk.add((text) => ({ ticket: text })) })
      .advance(beside, crawl, { convert: () => ["a"] })
      .advance(crawl, some)
      .advance(some, payment)
      .advance(payment, both)
      .advance(both, ended)
      .advance(ended, late)
      .finish(late),
  );
  flow.on("*", tracing.run);
  const run = flow.start(CANARY);
  for await (const event of run.events())
    if (event.type === "state.waiting" && event.signal === "paid") await run.signal(paid, { note: CANARY });
  await run.result;
  return spans();
}

it("shows waits, signals, what is added, what follows and what goes on in the background", async () => {
  const spans = await sale();
  // Spans of one millisecond have no order.
  const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name.replace("state ", "")]));
  const inside = spans.map(({ name, parentSpanContext }) => {
    const parent = nameOf.get(parentSpanContext?.spanId ?? "") ?? "nothing";
    return `${name.replace("state ", "")} in ${parent}`;
  });
  const top = ["take", "beside", "crawl", "some", "payment", "both", "open", "late"];
  const within = ["audits in beside", "audit in audits", "seal in audits", "quorum in both", "vote in both"];
  const lanes = ["visit in crawl", "visit in crawl", "sum in crawl", "sum in crawl"];
  expect(inside.toSorted()).toEqual(
    [
      "invoke_workflow order in nothing",
      ...top.map((name) => `${name} in invoke_workflow order`),
      ...within,
      ...lanes,
      // The second one begins when the state around it has ended.
      ...["seal in some", "seal in some"],
    ].toSorted(),
  );
  expect(named(spans, "state beside").attributes["orch.state.background"]).toBe(1);
  const moments = (name: string) =>
    named(spans, name).events.map(({ name: what, attributes }) => [what, attributes]);
  expect(moments("state payment")).toEqual([
    ["waiting", { "orch.signal": "paid", "orch.wait.timeout_ms": 60_000 }],
  ]);
  expect(moments("state quorum")).toEqual([["waiting", { "orch.wait.condition": true }]]);
  expect(moments("invoke_workflow order")).toEqual(
    expect.arrayContaining([
      ["signal", { "orch.signal": "paid", "orch.signal.number": 1 }],
      ["transition", expect.objectContaining({ "orch.to": "beside", "orch.dossier": "desk" })],
    ]),
  );
  expect(JSON.stringify(spans.map(({ attributes, events }) => [attributes, events]))).not.toContain(CANARY);
});

it("writes what a signal brought and what an edge added with content only", async () => {
  const root = named(await sale({ content: true }), "invoke_workflow order");
  const said = root.events.map(
    ({ attributes = {} }) => attributes["orch.signal.value"] ?? attributes["orch.dossier.added"],
  );
  expect(said.filter((text) => text !== undefined)).toEqual([
    JSON.stringify({ ticket: CANARY }),
    JSON.stringify({ note: CANARY }),
  ]);
});

import { each, isOrchError, type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import { manualClock, scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { agentRunnable } from "./agent-runnable.ts";

const Plan = z.object({ queries: z.array(z.string()) });

describe("an agent as a state", () => {
  it("takes its place in an orchestration, typed from end to end", async () => {
    const planner = agent({
      name: "planner",
      model: scriptedModel([{ value: { queries: ["a", "b"] } }]),
      output: Plan,
    });
    const searcher = agent({
      name: "searcher",
      model: scriptedModel((r) => `found ${JSON.stringify(r.messages.length)}`),
    });
    const plan = agentRunnable(planner);
    const search = each("all", agentRunnable(searcher), { concurrency: 1 });
    const join = runnable("join", (found: readonly string[]) => found.join("; "));
    const research = orchestration("research", (o) =>
      o
        .start(plan)
        .advance(plan, search, { convert: (p) => p.queries })
        .advance(search, join)
        .finish(join),
    );
    expect(await research.run("tea")).toBe("found 1; found 1");
  });

  it("sends its events and its spending to the run's readers", async () => {
    const usage = { input: 1_000_000, output: 0, cacheRead: 10 };
    const model = scriptedModel([{ text: "x", usage }], { caps: { price: { input: 3, output: 0 } } });
    const write = agentRunnable(agent({ name: "writer", model }));
    const flow = orchestration("flow", (o) => o.start(write).finish(write));
    const events: OrchestrationEvent[] = [];
    flow.on("*", (event) => {
      events.push(event);
    });
    await flow.run("go");
    const outputs = events.flatMap((event) => (event.type === "state.output" ? [event.data] : []));
    expect(outputs[0]).toMatchObject({ type: "agent.started", agent: "writer" });
    expect(outputs.at(-1)).toMatchObject({ type: "agent.completed", stopReason: "done" });
    expect(events.filter(({ type }) => type === "state.usage")).toMatchObject([
      {
        spending: {
          inputTokens: 1_000_000,
          cachedTokens: 10,
          outputTokens: 0,
          cost: 3,
          model: "test/scripted",
        },
      },
    ]);
  });

  it("hands its tools a context that is made of the run", async () => {
    const seen: unknown[] = [];
    const look = tool({
      name: "look",
      description: "x",
      input: z.object({}),
      invoke: (_, { context }) => {
        seen.push(context);
        return "seen";
      },
    });
    const model = scriptedModel([{ calls: [{ name: "look" }] }, "ok"]);
    const act = agentRunnable(agent({ name: "actor", model, tools: [look] }), {
      context: "fixed",
      toContext: ({ runId, path }) => `${runId} ${path}`,
    });
    const flow = orchestration("flow", (o) => o.start(act).finish(act));
    await flow.run("go", { runId: "of-ada" });
    expect(seen).toEqual(["of-ada flow/actor#1"]);
  });

  it("uses the model that its own model names for the state, also where that is reached from another state", async () => {
    const small = scriptedModel(["small"]);
    const large = {
      ...scriptedModel(["large", "large"]),
      inState: (path: string) => (path.includes("/plan#") ? small : undefined),
    };
    const write = agentRunnable(agent({ name: "writer", model: large }));
    const plan = runnable("plan", (text: string, ctx) => write.invoke(text, ctx));
    const join = runnable("join", async (text: string, ctx) => `${text} ${await write.invoke(text, ctx)}`);
    const flow = orchestration("flow", (o) => o.start(plan).advance(plan, join).finish(join));
    expect(await flow.run("go")).toBe("small large");
  });

  it("fails with a typed error that says why, and carries the provider's wishes", async () => {
    const failure = {
      kind: "rate-limit",
      message: "Slow down.",
      retryable: true,
      retryAfterMs: 7_000,
    } as const;
    const write = agentRunnable(agent({ name: "writer", model: scriptedModel([{ failure }]) }));
    const flow = orchestration("flow", (o) => o.start(write).finish(write));
    const error: unknown = await flow.run("go").catch((thrown: { cause?: unknown }) => thrown.cause);
    expect(isOrchError(error, "ORCH_AGENT_STOPPED")).toBe(true);
    expect(error).toMatchObject({
      facts: { agent: "writer", stopReason: "error", failure },
      retryable: true,
      retryAfter: 7_000,
    });
  });

  it("is tried again by the engine no sooner than the provider asks", async () => {
    const clock = manualClock();
    const failure = { retryable: true, retryAfterMs: 60_000 };
    const model = scriptedModel([{ failure }, "ok"]);
    const write = agentRunnable(agent({ name: "writer", model }), { retry: { attempts: 2, firstDelay: 10 } });
    const running = orchestration("flow", (o) => o.start(write).finish(write)).run("go", { clock });
    await clock.advance(59_999);
    expect(model.requests).toHaveLength(1);
    await clock.advance(1);
    expect(await running).toBe("ok");
  });

  it("is not tried again when no attempt can help", async () => {
    const model = scriptedModel([{ failure: { kind: "auth", retryable: false } }, "ok"]);
    const write = agentRunnable(agent({ name: "writer", model }), { retry: { attempts: 3, firstDelay: 1 } });
    await expect(orchestration("flow", (o) => o.start(write).finish(write)).run("go")).rejects.toThrow();
    expect(model.requests).toHaveLength(1);
  });

  it("is cancelled with its run, down to the model", async () => {
    const model = scriptedModel([{ text: "Half", stall: true }]);
    const write = agentRunnable(agent({ name: "writer", model }));
    const run = orchestration("flow", (o) => o.start(write).finish(write)).start("go");
    const failed = run.result.catch((error: unknown) => error);
    for await (const event of run.events()) {
      if (event.type === "state.output") await run.cancel("enough");
    }
    await failed;
    expect(run.status).toBe("cancelled");
    expect(model.requests.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it("asks about calls that need approval by the function it was given", async () => {
    for (const approved of [true, false]) {
      let ran = 0;
      const risky = tool({
        name: "risky",
        description: "x",
        input: z.object({}),
        approve: true,
        invoke: () => ++ran,
      });
      const model = scriptedModel([{ calls: [{ name: "risky" }] }, "ok"]);
      const act = agentRunnable(agent({ name: "actor", model, tools: [risky] }), {
        onApproval: () => approved,
      });
      expect(await orchestration("flow", (o) => o.start(act).finish(act)).run("go")).toBe("ok");
      expect(ran).toBe(approved ? 1 : 0);
    }
  });
});

/** An agent whose model has no quota goes on with a model that a person chose. */
import { circuit, each, orchestration, type Run } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";

const quota = { kind: "quota", message: "You exceeded your current quota.", retryable: false } as const;

async function waits(run: Run<unknown>): Promise<void> {
  while (run.status === "running") await new Promise((resolve) => setImmediate(resolve));
}

describe.each([
  ["in memory", () => ({})],
  ["on a host that keeps runs", () => ({ host: memoryHost() })],
] as const)("an agent without quota, %s", (_name, options) => {
  it("point 7: goes on with another model by the name of the choice, or by its data", async () => {
    for (const answer of ["small", { choice: "another model", data: "small" }]) {
      const model = scriptedModel(() => ({ failure: quota }));
      const small = scriptedModel(() => "by the small one");
      const write = agentRunnable(agent({ name: "writer", model }), { models: { small } });
      const fan = each("fan", write, { concurrency: 2 });
      const flow = orchestration("f", (o) => o.start(fan).finish(fan), {
        onTerminal: circuit({ choices: { small: "go-on", "another model": "go-on", stop: "stop" } }),
      });
      const run = flow.start(["a", "b", "c", "d"], options());
      await waits(run);
      expect(run.status).toBe("waiting");
      expect(run.questions).toHaveLength(1);
      expect(JSON.stringify(run.questions[0]!.prompt)).toContain("quota");
      expect(model.requests).toHaveLength(2);
      await run.answer("f/circuit#1", answer);
      expect(await run.result).toEqual(Array(4).fill("by the small one"));
      expect(model.requests).toHaveLength(2);
      expect(small.requests).toHaveLength(4);
    }
  });

  it("point 7: a settled fan-out of agents starts no other after quota, key or model are refused", async () => {
    for (const kind of ["quota", "auth", "blocked", "not-found"] as const) {
      const model = scriptedModel(() => ({ failure: { ...quota, kind } }));
      const fan = each("fan", agentRunnable(agent({ name: "writer", model })), {
        settled: true,
        concurrency: 1,
      });
      const flow = orchestration("f", (o) => o.start(fan).finish(fan));
      await expect(flow.run(["a", "b", "c"], options())).rejects.toMatchObject({
        code: "ORCH_HALTED",
        facts: { done: 0, failed: 1, open: 2 },
      });
      expect(model.requests).toHaveLength(1);
    }
  });

  it("point 7, further: goes on when the failure concerns one item alone", async () => {
    const model = scriptedModel((_, call) =>
      call === 0 ? { failure: { ...quota, kind: "context-length" } } : "ok",
    );
    const fan = each("fan", agentRunnable(agent({ name: "writer", model })), {
      settled: true,
      concurrency: 1,
    });
    const flow = orchestration("f", (o) => o.start(fan).finish(fan));
    expect(await flow.run(["a", "b"], options())).toMatchObject([{ status: "failed" }, { value: "ok" }]);
  });
});

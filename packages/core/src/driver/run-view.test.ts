import { expect, it } from "vitest";
import { anything } from "../../test/sample-flows.ts";
import { all } from "../define/all.ts";
import { orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { memoryHost } from "../durable/memory-host.ts";
import { runnable } from "../words/runnable.ts";
import { RunView } from "./run-view.ts";

it("sees of a retried run what its host describes", async () => {
  let isDown = true;
  const spends = runnable("spends", (n: number, ctx) => {
    ctx.spend({ inputTokens: 3, cost: 0.5 });
    if (isDown) throw new Error("down");
    return n;
  });
  const asks = question("asks", { ask: "Sure?", answer: anything });
  const both = all("both", { spends, asks });
  const flow = orchestration("flow", (o) => o.start(both).finish(both));
  const host = memoryHost();
  await flow.run(1, { host, runId: "r", grace: 0 }).catch(() => {});
  isDown = false;
  const again = await host.retry(flow, "r");
  for await (const event of again.events()) if (event.type === "run.waiting") break;
  const view = new RunView("r");
  for (const event of await host.events(flow, "r")) view.hear(event);
  const seen = view.describe("waiting");
  const described = again.describe();

  expect(view.stage).toBe("waiting");
  expect(seen.open).toEqual(described.open);
  expect(seen.visits).toEqual(described.visits);
  expect(seen.spent).toEqual({ tokens: 6, cost: 1 });
  expect(described.spent).toEqual(seen.spent);
  expect(seen.questions.map(({ id, prompt }) => [id, prompt])).toEqual(
    described.questions.map(({ id, prompt }) => [id, prompt]),
  );
  await again.answer("flow/both#1[asks]/asks#1", 1);
  await again.result;
});

it("lists what states wait for, until they have it", () => {
  const view = new RunView("r");
  const wait = { path: "flow/wait#1", state: "wait", visit: 1, runId: "r", time: 5 } as const;
  view.hear({ type: "state.started", ...wait, seq: 1, kind: "until", input: undefined });
  view.hear({ type: "state.waiting", ...wait, seq: 2, signal: "paid", timeout: 10 });
  view.hear({
    type: "run.waiting",
    path: "flow",
    runId: "r",
    time: 5,
    seq: 3,
    questions: [],
    signals: ["paid"],
  });
  expect(view.stage).toBe("waiting");
  const described = { path: "flow/wait#1", state: "wait", signal: "paid", timeout: 10, due: 15 };
  expect(view.describe("waiting").waits).toEqual([described]);
  view.hear({ type: "state.completed", ...wait, seq: 4, output: { by: "timeout" }, duration: 10 });
  expect(view.describe("running").waits).toBeUndefined();
});

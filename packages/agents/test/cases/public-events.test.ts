import { all, orchestration, type Run } from "@orch/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { publicEvents } from "../../src/observe/public/public-events.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { answeringServer, type Body, claude, compatible, gpt, sayItems } from "./answering-server.ts";

const thought = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "SECRET-BLOB" };
const answer = {
  type: "message",
  id: "m",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "HELLO-WORLD", annotations: [] }],
};

async function wireOf(
  run: Run<unknown>,
): Promise<{ readonly wire: string; readonly events: readonly Body[] }> {
  const events: Body[] = [];
  for await (const event of publicEvents(run.events())) events.push(JSON.parse(JSON.stringify(event)));
  return { wire: JSON.stringify(events), events };
}

const times = (wire: string, text: string): number => wire.split(text).length - 1;

test("A26: the public view of a run has an answer as it comes and once whole, and nothing opaque", async () => {
  const server = await answeringServer((res) => sayItems(res, [thought, answer]));
  const state = agentRunnable(agent({ name: "a", model: gpt.model(server.url) }));
  const { wire, events } = await wireOf(orchestration("f", (o) => o.start(state).finish(state)).start("go"));
  expect([times(wire, "HELLO-WORLD"), times(wire, "SECRET-BLOB")]).toEqual([2, 0]);
  const types = events.map(({ type }) => type);
  for (const type of ["run.started", "state.started", "state.completed", "run.completed"])
    expect(types).toContain(type);
  expect(events.find(({ type }) => type === "state.completed").output).toBe("HELLO-WORLD");
});

test("A26: a fan-out tells each answer once, and a second state does not repeat the first one's as its input", async () => {
  const servers = [
    await answeringServer((res) => claude.say(res, { text: "FIRST-ANSWER" })),
    await answeringServer((res) => compatible.say(res, { text: "SECOND-ANSWER" })),
  ];
  const a = agentRunnable(agent({ name: "a", model: claude.model(servers[0]!.url) }));
  const b = agentRunnable(agent({ name: "b", model: compatible.model(servers[1]!.url) }));
  const both = all("both", { a, b });
  const fan = await wireOf(orchestration("f", (o) => o.start(both).finish(both)).start("go"));
  for (const text of ["FIRST-ANSWER", "SECOND-ANSWER"]) expect(times(fan.wire, text), text).toBe(2);
});

test("A26: tools are told without the provider's data, and questions stay", async () => {
  const view = tool({
    name: "view",
    description: "x",
    input: z.object({}),
    invoke: async () => "page",
    approve: true,
  });
  const server = await answeringServer((res, { n }) =>
    n === 1
      ? sayItems(res, [
          thought,
          {
            type: "function_call",
            id: "fc_SECRET",
            call_id: "c1",
            name: "view",
            arguments: "{}",
            status: "completed",
          },
        ])
      : sayItems(res, [answer]),
  );
  const state = agentRunnable(agent({ name: "a", model: gpt.model(server.url), tools: [view] }));
  const run = orchestration("f", (o) => o.start(state).finish(state)).start("go");
  const events: Body[] = [];
  for await (const event of publicEvents(run.events())) {
    events.push(JSON.parse(JSON.stringify(event)));
    if (event.type === "question.asked") void run.answer(event.question, true);
  }
  const wire = JSON.stringify(events);
  expect(wire).toContain("question.asked");
  expect(wire).toContain("tool.completed");
  expect([times(wire, "SECRET-BLOB"), times(wire, "fc_SECRET")]).toEqual([0, 0]);
});

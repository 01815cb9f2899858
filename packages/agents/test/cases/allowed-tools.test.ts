import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { webSearch } from "../../src/provider-tools.ts";
import { runAgent } from "../../src/run/runner.ts";
import { answeringServer, type Body, claude, compatible, type Dialect, gpt } from "./answering-server.ts";

function tools(ran: string[]) {
  return ["read", "write"].map((name) =>
    tool({ name, description: name, input: z.object({}), invoke: async () => `${ran.push(name)}` }),
  );
}

const nameOf = (one: Body): string => one.function?.name ?? one.name ?? one.type;

/** Calls `write` twice, in a turn that does not allow it and in one that does. */
async function run(dialect: Dialect) {
  const server = await answeringServer((res, { n }) =>
    dialect.say(res, n < 3 ? { calls: [{ id: `c${n}`, name: "write", input: {} }] } : { text: "done" }),
  );
  const ran: string[] = [];
  const result = await runAgent(
    agent({
      name: "a",
      model: dialect.model(server.url),
      tools: tools(ran),
      allowedTools: ({ turn }) => (turn === 1 ? ["read"] : undefined),
    }),
    "go",
  );
  return { bodies: server.bodies, ran, result };
}

for (const dialect of [claude, gpt, compatible]) {
  test(`issue 12: a tool that the turn does not allow is not run (${dialect.name})`, async () => {
    const { bodies, ran, result } = await run(dialect);
    expect(result).toMatchObject({ stopReason: "done", output: "done" });
    expect(ran).toEqual(["write"]);
    const [first] = result.messages.flatMap((message) => (message.role === "tool" ? message.content : []));
    expect(first).toMatchObject({ isError: true, output: 'Unknown tool "write". Available: read.' });
    const offered = bodies.map(({ tools: sent }) => sent.map(nameOf));
    const all = ["read", "write"];
    // The list stays the same where the provider can be told what is allowed of it.
    expect(offered).toEqual([dialect === gpt ? all : ["read"], all, all]);
  });
}

test("issue 12: OpenAI is told what is allowed, tools that it knows by itself too, and none of them as none", async () => {
  const server = await answeringServer((res) => gpt.say(res, { text: "hi" }));
  const model = gpt.model(server.url);
  for (const names of [["write", "web_search"], []]) {
    const both = [...tools([]), webSearch()];
    await runAgent(agent({ name: "a", model, tools: both, allowedTools: () => names }), "go");
  }
  const [some, none] = server.bodies;
  expect(some.tool_choice).toEqual({
    type: "allowed_tools",
    mode: "auto",
    tools: [{ type: "function", name: "write" }, { type: "web_search" }],
  });
  expect(none.tool_choice).toBe("none");
  expect(none.tools).toEqual(some.tools);
});

test("issue 12: an answer by a tool stays possible, and a name that is no tool is told", async () => {
  const server = await answeringServer((res) =>
    claude.say(res, { calls: [{ id: "c1", name: "final_answer", input: { ok: true } }] }),
  );
  const output = z.object({ ok: z.boolean() });
  const model = claude.model(server.url);
  const byTool = { ...model, caps: { ...model.caps, output: "tool" as const } };
  const result = await runAgent(
    agent({ name: "a", model: byTool, tools: tools([]), output, allowedTools: () => ["raed"] }),
    "go",
  );
  expect(result).toMatchObject({ stopReason: "done", output: { ok: true } });
  expect(server.bodies[0].tools.map(nameOf)).toEqual(["final_answer"]);
  expect(result.warnings).toEqual(['"a" allows the tool "raed", and there is none.']);
});

import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { runAgent } from "../../src/run/runner.ts";
import { connectMcp, type McpServer } from "../../src/tools/mcp/connect-mcp.ts";
import type { McpServerOptions } from "../../src/tools/mcp/mcp-config.ts";
import type { AgentEvent } from "../../src/words/events.ts";
import { serve } from "./loopback.ts";
import { labServer, type Step } from "./mcp-lab.ts";

async function lab(
  scene: string,
  more: Partial<McpServerOptions> = {},
  called?: (step: Step) => void,
): Promise<McpServer> {
  const { url } = await serve(labServer(scene, called));
  const server = await connectMcp({
    name: "lab",
    url: `${url}/mcp`,
    approve: false,
    connectTimeout: 30_000,
    ...more,
  });
  onTestFinished(() => server.close());
  return server;
}

async function call(server: McpServer, name = "lab__good") {
  const model = scriptedModel([{ calls: [{ name, input: {} }] }, "end"]);
  const result = await runAgent(agent({ name: "a", model, tools: server.tools }), "go");
  const part = result.messages.find(({ role }) => role === "tool")?.content[0];
  if (part?.type !== "tool-result") throw new Error("the tool gave nothing");
  return part;
}

const names = (server: McpServer): string => server.tools.map(({ name }) => name).join();

test("A17: a list that does not move on ends with a warning, each tool once, and a list of pages is read to its end", async () => {
  for (const scene of ["stuck-cursor", "circling-cursors", "ever-new-cursors"]) {
    const server = await lab(scene);
    expect(names(server), scene).toBe("lab__good,lab__two");
    expect(server.warnings.join(), scene).toMatch(/"lab".*does not move on/);
    expect((await call(server)).output).toBe("ok");
  }
  const pages = await lab("pages");
  expect([names(pages), pages.warnings]).toEqual(["lab__good,lab__two", []]);
});

test("A17: one bad tool or schema is left out with a warning, and the others work", async () => {
  const broken = await lab("bad-output-schema");
  expect(names(broken)).toBe("lab__good,lab__two");
  expect(broken.warnings.join()).toMatch(/"two".*cannot be read/);
  expect((await call(broken, "lab__two")).output).toBe("ok");
  const odd = await lab("odd-output-schemas");
  expect(names(odd)).toBe("lab__good,lab__two");
  const input = await lab("bad-input-schema");
  expect(input.tools.map(({ name }) => name)).toContain("lab__good");
  expect(names(input)).not.toContain("lab__two");
  expect(input.warnings.length).toBeGreaterThanOrEqual(3);
  expect((await call(input)).output).toBe("ok");
  const none = await lab("no-list");
  expect([names(none), none.warnings.length]).toEqual(["", 1]);
});

test("A18: text and data of a tool both reach the model, and data that the text says already comes once", async () => {
  expect((await call(await lab("structured"))).output).toEqual([
    { type: "text", text: "list_projects returned 2 item(s)." },
    { type: "text", text: '{"items":[{"id":"p1"},{"id":"p2"}]}' },
  ]);
  const twice = await call(await lab("twice"));
  expect(JSON.parse(twice.output as string)).toEqual({ items: [{ id: "p1" }, { id: "p2" }] });
  expect((await call(await lab("wrapped"))).output).toBe("plain");
  expect((await call(await lab("list"))).output).toHaveLength(2);
  const pictures = (await call(await lab("pictures"))).output;
  expect(JSON.stringify(pictures)).toContain('{\\"width\\":3}');
  expect(pictures).toHaveLength(3);
  const failed = await call(await lab("failed"));
  expect([failed.isError, failed.output]).toEqual([true, expect.stringMatching(/no such project[\s\S]*E7/)]);
});

test("A18: data in another form than promised is told with what the tool gave, and that it did run", async () => {
  const part = await call(await lab("other-form"));
  expect(part.isError).toBe(true);
  expect(part.output).toMatch(/did run.*\{"n":"seven"\}/);
});

test("A19: progress starts the time of a call again, below a longest total; silence ends it", async () => {
  /** Calls a tool that tells of its progress each `step` milliseconds, `steps` times, and then ends or falls silent. */
  const dug = async (limits: Partial<McpServerOptions>, step: number, steps: number, ends = false) => {
    const { promise: begun, resolve: called } = Promise.withResolvers<Step>();
    const server = await lab("steps", limits, called);
    const clock = manualClock();
    let [heard, over] = [0, false];
    const model = scriptedModel([{ calls: [{ name: "lab__good", input: {} }] }, "end"]);
    const running = runAgent(agent({ name: "a", model, tools: server.tools }), "go", {
      clock,
      onEvent: ({ type }) => {
        if (type === "tool.progress") heard += 1;
        if (type === "tool.completed") over = true;
      },
    });
    const tell = await begun;
    for (let nth = 1; nth <= steps && !over; nth++) {
      await clock.advance(step);
      tell(nth);
      while (heard < nth && !over) await new Promise((resolve) => setImmediate(resolve));
    }
    if (ends) tell(undefined);
    else while (!over) await clock.advance(100);
    const { messages } = await running;
    tell(undefined);
    return toolOutputs(messages)[0];
  };
  expect(await dug({ toolTimeout: 1_000 }, 900, 6, true)).toBe("finished");
  expect(await dug({ toolTimeout: 400, longestCall: 1_200 }, 300, 9)).toMatch(/longer than 1.2 s/);
  expect(await dug({ toolTimeout: 600 }, 500, 2)).toMatch(/longer than 0.6 s.*progress/);
});

test("A19: a tool of one's own extends its time by progress only where it has a longest total", async () => {
  for (const longest of [undefined, 5_000, 1_500]) {
    const clock = manualClock();
    const dig = tool({
      name: "dig",
      description: "x",
      input: z.object({}),
      timeout: 1_000,
      ...(longest !== undefined && { longest }),
      invoke: async (_, { emit, signal }) => {
        for (let step = 1; step <= 4 && !signal.aborted; step++) {
          await new Promise<void>((resolve) => void clock.after(600, resolve));
          emit(step);
        }
        return "dug";
      },
    });
    const events: AgentEvent[] = [];
    const model = scriptedModel([{ calls: [{ name: "dig", input: {} }] }, "end"]);
    const running = runAgent(agent({ name: "a", model, tools: [dig] }), "go", {
      clock,
      onEvent: (event) => events.push(event),
    });
    let ended = false;
    void running.finally(() => {
      ended = true;
    });
    while (!ended) {
      await clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [output] = toolOutputs((await running).messages);
    if (longest === 5_000) expect(output).toBe("dug");
    else expect(output).toMatch(longest === undefined ? /longer than 1 s/ : /longer than 1.5 s/);
  }
});

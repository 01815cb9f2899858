import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type AgentOptions, agent } from "../agent/agent.ts";
import { type Tool, tool } from "../agent/tool.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import { LONGEST_OUTPUT } from "./error-result.ts";

const empty = z.object({});

/** A tool that ends when it is told to, and writes down when it starts and ends. */
function gate(name: string, log: string[], more: { readonly sequential?: boolean } = {}) {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const made = tool({
    name,
    description: "x",
    input: empty,
    ...more,
    invoke: async () => {
      log.push(`${name} starts`);
      await opened;
      log.push(`${name} ends`);
      return name;
    },
  });
  return { made, open };
}

async function runOnce(
  tools: readonly Tool[],
  calls: { name: string; input?: never }[],
  more: Partial<AgentOptions> = {},
) {
  return runAgent(agent({ name: "a", model: scriptedModel([{ calls }, "ok"]), tools, ...more }), "go");
}

describe("the calls of one message", () => {
  it("run together, and their results stand in the order of the calls", async () => {
    const log: string[] = [];
    const [first, second] = [gate("first", log), gate("second", log)];
    const model = scriptedModel([{ calls: [{ name: "first" }, { name: "second" }] }, "ok"]);
    const running = runAgent(agent({ name: "a", model, tools: [first.made, second.made] }), "go", {
      onEvent: (event) => {
        if (event.type === "tool.started" && event.name === "second") second.open();
        if (event.type === "tool.completed" && event.name === "second") first.open();
      },
    });
    expect(toolOutputs((await running).messages)).toEqual(["first", "second"]);
    expect(log).toEqual(["first starts", "second starts", "second ends", "first ends"]);
  });

  it("run one after the other when one of the tools is sequential", async () => {
    const log: string[] = [];
    const [first, second] = [gate("first", log), gate("second", log, { sequential: true })];
    first.open();
    second.open();
    await runOnce([first.made, second.made], [{ name: "first" }, { name: "second" }]);
    expect(log).toEqual(["first starts", "first ends", "second starts", "second ends"]);
  });

  it("each run once, also when the model gives two of them one id", async () => {
    let ran = 0;
    const count = tool({ name: "count", description: "x", input: empty, invoke: () => ++ran });
    const calls = [
      { name: "count", id: "same" },
      { name: "count", id: "same" },
    ];
    const result = await runAgent(
      agent({ name: "a", model: scriptedModel([{ calls }, "ok"]), tools: [count] }),
      "go",
    );
    expect(toolOutputs(result.messages)).toEqual(["1", "2"]);
    expect(result.messages[2]).toMatchObject({ content: [{ id: "same" }, { id: "same_2" }] });
  });
});

describe("a call that goes wrong", () => {
  const strictTool = tool({
    name: "add",
    description: "x",
    input: z.object({ a: z.number(), b: z.number() }),
    invoke: ({ a, b }) => a + b,
  });
  const said = async (
    name: string,
    input: string,
    tools: readonly Tool[] = [strictTool],
  ): Promise<string> => {
    const model = scriptedModel([{ calls: [{ name, input }] }, "ok"]);
    const result = await runAgent(agent({ name: "a", model, tools }), "go");
    expect(result.output).toBe("ok");
    return toolOutputs(result.messages)[0]!;
  };

  it("names the tools there are when the name is unknown", async () => {
    expect(await said("multiply", "{}")).toBe('Unknown tool "multiply". Available: add.');
  });

  it("names what does not fit", async () => {
    expect(await said("add", '{"a":1,"b":"2"}')).toMatch(/do not fit: b: .*number/);
  });

  it("is not repaired when its arguments are cut", async () => {
    expect(await said("add", '{"a":1,"b":')).toContain("not JSON");
  });

  it("takes empty arguments for an empty object", async () => {
    const none = tool({ name: "none", description: "x", input: empty, invoke: () => "ran" });
    expect(await said("none", "", [none])).toBe("ran");
  });

  it("tells the message of what a tool throws, without its stack", async () => {
    const broken = tool({
      name: "broken",
      description: "x",
      input: empty,
      invoke: () => {
        throw new RangeError("no such row");
      },
    });
    expect(await said("broken", "{}", [broken])).toBe("no such row");
  });

  it("ends the run when the tool may not fail", async () => {
    const broken = tool({
      name: "broken",
      description: "x",
      input: empty,
      onError: "stop",
      invoke: () => Promise.reject(new RangeError("disk full")),
    });
    const result = await runOnce([broken], [{ name: "broken" }]);
    expect(result).toMatchObject({ stopReason: "error", failure: { kind: "tool", message: "disk full" } });
    expect(toolOutputs(result.messages)).toEqual(["disk full"]);
  });

  it("is an error result when the tool's time is up, and the tool is told", async () => {
    const clock = manualClock();
    let told: AbortSignal | undefined;
    let finish: (output: string) => void = () => {};
    const slow = tool({
      name: "slow",
      description: "x",
      input: empty,
      timeout: 2_000,
      invoke: (_, { signal }) => {
        told = signal;
        return new Promise<string>((resolve) => {
          finish = resolve;
        });
      },
    });
    const events: AgentEvent[] = [];
    const model = scriptedModel([{ calls: [{ name: "slow" }] }, "ok"]);
    const running = runAgent(agent({ name: "a", model, tools: [slow] }), "go", {
      clock,
      onEvent: (event) => void events.push(event),
    });
    await clock.advance(2_000);
    expect(told?.aborted).toBe(true);
    await clock.advance(1_000);
    const result = await running;
    expect(toolOutputs(result.messages)).toEqual(["The tool took longer than 2 s and was stopped."]);
    expect(result.output).toBe("ok");
    // What was left behind may end much later; it was told once.
    finish("late");
    await clock.advance(0);
    const completed = events.filter(({ type }) => type === "tool.completed");
    expect(completed).toMatchObject([{ duration: 3_000 }]);
    expect(clock.pending()).toBe(0);
  });

  it("has a limit of its own, though one timer watches all calls of a run", async () => {
    const clock = manualClock();
    const after = vi.fn(clock.after);
    const invoke = async (): Promise<string> => "quick";
    const quick = tool({ name: "quick", description: "x", input: empty, invoke });
    const never = (): Promise<string> => new Promise(() => {});
    const slow = tool({ name: "slow", description: "x", input: empty, timeout: 50_000, invoke: never });
    const model = scriptedModel([
      ...Array.from({ length: 9 }, (_, at) => ({ calls: [{ name: "quick", input: { at } }] })),
      { calls: [{ name: "slow" }, { name: "quick" }] },
      "ok",
    ]);
    const running = runAgent(agent({ name: "a", model, maxTurns: 20, tools: [quick, slow] }), "go", {
      clock: { ...clock, after },
    });
    await clock.advance(49_999);
    // One for the first call, which is due later than the slow one.
    expect(after).toHaveBeenCalledTimes(2);
    expect(clock.pending()).toBe(1);
    await clock.advance(1_001);
    expect(toolOutputs((await running).messages).slice(9)).toEqual([
      "The tool took longer than 50 s and was stopped.",
      "quick",
    ]);
    expect(clock.pending()).toBe(0);
  });
});

describe("a tool's output", () => {
  it("is JSON unless it is text or parts, and is cut visibly when it is too long", async () => {
    const outputs = [
      { a: 1 },
      undefined,
      "x".repeat(LONGEST_OUTPUT + 5),
      [{ type: "text", text: "part" }],
      [],
    ] as const;
    const tools = outputs.map((output, n) =>
      tool({ name: `t${n}`, description: "x", input: empty, invoke: () => output }),
    );
    const result = await runOnce(
      tools,
      tools.map(({ name }) => ({ name })),
    );
    const said = toolOutputs(result.messages);
    expect([said[0], said[1], said[3], said[4]]).toEqual([
      '{"a":1}',
      "Done.",
      '[{"type":"text","text":"part"}]',
      "[]",
    ]);
    expect(said[2]).toMatch(/x\n\[cut: 5 of 50005 characters left out\]$/);
  });

  it("ends the run where the tool says so", async () => {
    const finish = tool({
      name: "finish",
      description: "x",
      input: empty,
      ends: true,
      invoke: () => "That is it.",
    });
    const result = await runOnce([finish], [{ name: "finish" }]);
    expect(result).toMatchObject({ stopReason: "done", output: "That is it." });
  });

  it("sends progress while the tool works, and none after", async () => {
    let late: (data: unknown) => void = () => {};
    const steps = tool({
      name: "steps",
      description: "x",
      input: empty,
      invoke: (_, { emit }) => {
        late = emit;
        emit("half");
        return "ok";
      },
    });
    const progress: unknown[] = [];
    const model = scriptedModel([{ calls: [{ name: "steps" }] }, "ok"]);
    await runAgent(agent({ name: "a", model, tools: [steps] }), "go", {
      onEvent: (event) => {
        if (event.type === "tool.progress") progress.push(event.data);
        if (event.type === "tool.completed") late("too late");
      },
    });
    expect(progress).toEqual(["half"]);
  });
});

describe("setting up", () => {
  it("refuses names that providers refuse, two tools of one name, and limits below their least value", () => {
    const make = (name: string): Tool => tool({ name, description: "x", input: empty, invoke: () => "" });
    expect(() => make("my tool")).toThrow(expect.objectContaining({ code: "ORCH_TOOL_NAME" }));
    for (const options of [
      { name: "" },
      { name: "a", tools: [make("x"), make("x")] },
      { name: "a", maxTurns: 0 },
      { name: "a", toolTimeout: Number.NaN },
    ]) {
      expect(() => agent(options)).toThrow(expect.objectContaining({ code: "ORCH_AGENT_SETUP" }));
    }
  });

  it("offers no tools to a model that cannot call any, and says so", async () => {
    const t = tool({ name: "t", description: "x", input: empty, invoke: () => "" });
    const model = scriptedModel(["ok"], { caps: { tools: false } });
    const result = await runAgent(agent({ name: "a", model, tools: [t] }), "go");
    expect(model.requests[0]).not.toHaveProperty("tools");
    expect(result.warnings[0]).toContain("cannot call tools");
  });
});

import { expect, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import type { Tool } from "../../src/agent/tool.ts";
import {
  type ComputerAction,
  computer,
  type MemoryCommand,
  memory,
  type ShellCommands,
  shell,
} from "../../src/provider-tools.ts";
import type { RunAgentOptions } from "../../src/run/run-scope.ts";
import { runAgent } from "../../src/run/runner.ts";
import type { Model } from "../../src/words/model.ts";
import { answeringServer, type Body, claude, gpt, sayItems } from "./answering-server.ts";

const PICTURE = "iVBORw0KGgo=";
const run = (model: Model, known: Tool, options: RunAgentOptions = { onApproval: () => true }) =>
  runAgent(agent({ name: "a", model, tools: [known] }), "go", options);

function screen(done: ComputerAction[][] = []): Tool {
  return computer({
    width: 800,
    height: 600,
    handler: (actions) => {
      done.push([...actions]);
      return { data: PICTURE };
    },
  });
}

const COMPUTER_CALL = {
  type: "computer_call",
  id: "cu_1",
  call_id: "call_1",
  status: "completed",
  pending_safety_checks: [{ id: "sc_1", code: "malicious", message: "Look at this." }],
  actions: [
    { type: "click", x: 5, y: 6, button: "wheel" },
    { type: "keypress", keys: ["CTRL", "S"] },
    { type: "scroll", x: 1, y: 2, scroll_x: 0, scroll_y: 40 },
    { type: "teleport" },
  ],
};

test("a computer of OpenAI: the actions come to the handler, the picture goes back, with the checks that a person saw", async () => {
  const done: ComputerAction[][] = [];
  const asked: unknown[] = [];
  const server = await answeringServer((res, { n }) =>
    n === 1 ? sayItems(res, [COMPUTER_CALL]) : gpt.say(res, { text: "ok" }),
  );
  const result = await run(gpt.model(server.url), screen(done), {
    onApproval: (call) => {
      asked.push(call.input);
      return true;
    },
  });
  expect(result.stopReason).toBe("done");
  expect(done).toEqual([
    [
      { type: "click", x: 5, y: 6, button: "middle", count: 1, keys: [] },
      { type: "keys", keys: ["CTRL", "S"] },
      { type: "scroll", x: 1, y: 2, dx: 0, dy: 40 },
      { type: "other", input: { type: "teleport" } },
    ],
  ]);
  expect(asked).toMatchObject([{ safetyChecks: [{ message: "Look at this." }] }]);
  expect(server.bodies[1].input.slice(1)).toEqual([
    COMPUTER_CALL,
    {
      type: "computer_call_output",
      call_id: "call_1",
      output: { type: "computer_screenshot", image_url: `data:image/png;base64,${PICTURE}` },
      acknowledged_safety_checks: COMPUTER_CALL.pending_safety_checks,
    },
  ]);
});

test("a computer of Anthropic: every action in our words, and the picture in the result", async () => {
  const inputs: readonly (readonly [Body, ComputerAction])[] = [
    [{ action: "screenshot" }, { type: "screenshot" }],
    [
      { action: "double_click", coordinate: [3, 4], text: "ctrl+shift" },
      { type: "click", x: 3, y: 4, button: "left", count: 2, keys: ["ctrl", "shift"] },
    ],
    [
      { action: "key", text: "ctrl++" },
      { type: "keys", keys: ["ctrl", "+"] },
    ],
    [
      { action: "hold_key", text: "a", duration: 2 },
      { type: "keys", keys: ["a"], duration: 2_000 },
    ],
    [
      { action: "scroll", coordinate: [1, 1], scroll_direction: "up", scroll_amount: 3 },
      { type: "scroll", x: 1, y: 1, dx: 0, dy: -3 },
    ],
    [
      { action: "left_click_drag", start_coordinate: [0, 0], coordinate: [9, 9] },
      {
        type: "drag",
        path: [
          { x: 0, y: 0 },
          { x: 9, y: 9 },
        ],
      },
    ],
    [{ action: "dance" }, { type: "other", input: { action: "dance" } }],
  ];
  for (const [input, action] of inputs) {
    const done: ComputerAction[][] = [];
    const server = await answeringServer((res, { n }) =>
      claude.say(res, n === 1 ? { calls: [{ id: "toolu_1", name: "computer", input }] } : { text: "ok" }),
    );
    const result = await run(claude.model(server.url), screen(done));
    expect(result.stopReason).toBe("done");
    expect(done).toEqual([[action]]);
    expect(server.bodies[1].messages[2].content).toEqual([
      {
        type: "tool_result",
        tool_use_id: "toolu_1",
        content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: PICTURE } }],
      },
    ]);
  }
});

test("nothing is done on a machine without a yes: the run waits by default, and a no is told in a form that the provider takes", async () => {
  const done: ComputerAction[][] = [];
  const server = await answeringServer((res, { n }) =>
    n === 1 || n === 2 ? sayItems(res, [COMPUTER_CALL]) : gpt.say(res, { text: "ok" }),
  );
  const model = gpt.model(server.url);
  const waits = await run(model, screen(done), {});
  expect([waits.stopReason, waits.pending.length, done.length]).toEqual(["needs-approval", 1, 0]);
  const denied = await run(model, screen(done), { onApproval: () => ({ deny: "no" }) });
  expect([denied.stopReason, done.length]).toEqual(["done", 0]);
  expect(server.bodies[2].input.map((one: Body) => one.type ?? one.role)).toEqual([
    "user",
    "function_call",
    "function_call_output",
  ]);
  const unsafe = computer({ width: 1, height: 1, approve: false, handler: () => ({ data: PICTURE }) });
  const again = await answeringServer((res) => sayItems(res, [COMPUTER_CALL]));
  const held = await run(gpt.model(again.url), unsafe, {});
  expect(held.stopReason, "what the provider holds to be unsafe is asked about").toBe("needs-approval");
});

test("a shell of OpenAI and of Anthropic: commands to the handler, results back in the provider's form", async () => {
  const seen: ShellCommands[] = [];
  const known = shell({
    handler: (commands) => {
      seen.push(commands);
      return commands.commands.map((one) =>
        one === "sleep" ? { stdout: "", timedOut: true } : { stdout: one, stderr: "!", exitCode: 2 },
      );
    },
  });
  const call = {
    type: "shell_call",
    id: "sh_1",
    call_id: "call_1",
    status: "completed",
    environment: null,
    action: { commands: ["ls", "sleep"], timeout_ms: 100, max_output_length: null },
  };
  const server = await answeringServer((res, { n }) =>
    n === 1 ? sayItems(res, [call]) : gpt.say(res, { text: "ok" }),
  );
  expect((await run(gpt.model(server.url), known)).stopReason).toBe("done");
  expect(server.bodies[1].input.slice(1)).toEqual([
    call,
    {
      type: "shell_call_output",
      call_id: "call_1",
      output: [
        { stdout: "ls", stderr: "!", outcome: { type: "exit", exit_code: 2 } },
        { stdout: "", stderr: "", outcome: { type: "timeout" } },
      ],
    },
  ]);
  const other = await answeringServer((res, { n }) =>
    claude.say(
      res,
      n === 1 ? { calls: [{ id: "toolu_1", name: "bash", input: { command: "ls" } }] } : { text: "ok" },
    ),
  );
  await run(claude.model(other.url), known);
  expect(seen).toEqual([{ commands: ["ls", "sleep"], timeout: 100 }, { commands: ["ls"] }]);
  expect(other.bodies[1].messages[2].content[0].content).toContain('"exitCode":2');
});

test("a shell whose call is denied or fails says so where the provider reads it", async () => {
  const call = { type: "shell_call", id: "sh_1", call_id: "call_1", action: { commands: ["ls"] } };
  const server = await answeringServer((res, { n }) =>
    n === 1 ? sayItems(res, [call]) : gpt.say(res, { text: "ok" }),
  );
  await run(gpt.model(server.url), shell({ handler: () => [] }), {
    onApproval: () => ({ deny: "not here" }),
  });
  expect(server.bodies[1].input.at(-1).output).toEqual([
    {
      stdout: "",
      stderr: expect.stringContaining("not here"),
      outcome: { type: "exit", exit_code: 1 },
    },
  ]);
});

test("a memory: known commands inside its folder reach the handler, nothing else does", async () => {
  const seen: MemoryCommand[] = [];
  const known = memory({
    approve: false,
    handler: (command) => {
      seen.push(command);
      return "done";
    },
  });
  const inputs: readonly (readonly [Body, RegExp])[] = [
    [{ command: "view", path: "/memories" }, /^done$/],
    [{ command: "create", path: "/memories/a.md", file_text: "x" }, /^done$/],
    [{ command: "view", path: "/memories/../etc/passwd" }, /inside \/memories/],
    [{ command: "view", path: "/memories/%2e%2e/etc" }, /inside \/memories/],
    [{ command: "view", path: "/memoriesX" }, /inside \/memories/],
    [{ command: "rename", old_path: "/memories/a", new_path: "/tmp/a" }, /inside \/memories/],
    [{ command: "constructor" }, /no command/],
    [{ command: "create", path: "/memories/a.md" }, /needs "file_text"/],
  ];
  for (const [input, result] of inputs) {
    const server = await answeringServer((res, { n }) =>
      claude.say(res, n === 1 ? { calls: [{ id: "toolu_1", name: "memory", input }] } : { text: "ok" }),
    );
    await run(claude.model(server.url), known);
    expect(server.bodies[1].messages[2].content[0].content).toMatch(result);
  }
  expect(seen).toHaveLength(2);
});

/** Lines that no client should send: `orch acp` answers each in the protocol's own form, or not at all, and goes on. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLetter } from "../../../packages/testing/src/store/any-letter.ts";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

/** Messages that a client might send, to be damaged. */
const GOOD = [
  { method: "initialize", params: { protocolVersion: 1, clientCapabilities: { elicitation: { form: {} } } } },
  { method: "session/load", params: { sessionId: "session_none", cwd: "/nowhere", mcpServers: [] } },
  {
    method: "session/prompt",
    params: { sessionId: "session_none", prompt: [{ type: "text", text: "hello" }] },
  },
  { method: "session/cancel", params: { sessionId: "session_none" } },
  { method: "session/list", params: { cursor: "1" } },
  { method: "session/set_mode", params: { sessionId: "session_none", modeId: "chat" } },
  { method: "session/set_config_option", params: { sessionId: "session_none", configId: "x", value: true } },
  { method: "session/close", params: { sessionId: "session_none" } },
  { method: "session/delete", params: { sessionId: "session_none" } },
  { method: "$/cancel_request", params: { requestId: 1 } },
] as const;

const anything = fc.jsonValue({ maxDepth: 4 });

/** A damaged message: values of other types, keys left out, more of them, or cut text. */
const lines = fc.oneof(
  fc
    .tuple(fc.constantFrom(...GOOD), fc.jsonValue(), anything)
    .map(([{ method }, id, params]) => JSON.stringify({ jsonrpc: "2.0", id, method, params })),
  fc
    .tuple(fc.constantFrom(...GOOD), fc.string(), anything)
    .map(([{ method, params }, key, value]) =>
      JSON.stringify({ jsonrpc: "2.0", id: "x", method, params: { ...params, [key]: value } }),
    ),
  fc.tuple(fc.constantFrom(...GOOD), fc.nat()).map(([message, at]) => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 7, ...message });
    return text.slice(0, at % text.length);
  }),
  fc
    .tuple(anything, anything)
    .map(([result, error]) => JSON.stringify({ jsonrpc: "2.0", id: 3, result, error })),
  fc
    .record({ jsonrpc: anything, id: anything, method: anything, params: anything }, { requiredKeys: [] })
    .map((one) => JSON.stringify(one)),
  anything.map((value) => JSON.stringify(value)),
  fc.string({ unit: anyLetter(), maxLength: 200 }).map((text) => text.replaceAll(/[\n\r]/g, "")),
  fc.constantFrom("[".repeat(20_000), `{"a":`.repeat(5_000), `"${"x".repeat(300_000)}"`, "\u0000"),
);

test("lines that are no good messages are answered or passed over, and the next good one is answered", async () => {
  const { file } = await buildCli();
  await using box = await sandbox(file);
  const env = childEnvironment({ HOME: box.home });
  const child = spawn(process.execPath, [file, "acp"], { cwd: box.folder, env });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let [stderr, answers] = ["", 0];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const last = Promise.withResolvers<unknown>();
  void ended.then(() => last.reject(new Error(`orch acp has ended: ${stderr}`)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    // Every line is a message, whatever it answers.
    const message = JSON.parse(line) as {
      id?: unknown;
      jsonrpc: string;
      error?: { code: number; message: string };
    };
    expect(message.jsonrpc).toBe("2.0");
    answers++;
    if (message.error) expect(message.error.message).not.toMatch(/TypeError|ORCH_BUG|is not a function/);
    if (message.id === "the last one") last.resolve(message);
  });
  const count = budget("acpLines");
  for (const line of fc.sample(lines, { numRuns: count, seed }))
    if (!child.stdin.write(`${line}\n`)) await new Promise((resolve) => child.stdin.once("drain", resolve));
  const params = { protocolVersion: 1 };
  child.stdin.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: "the last one", method: "initialize", params })}\n`,
  );
  expect(await last.promise).toMatchObject({ result: { protocolVersion: 1 } });
  child.stdin.end();
  expect(await ended).toBe(0);
  figure(`orch acp: ${count} lines that are no good messages, ${answers} answers, 0 crashes`);
});

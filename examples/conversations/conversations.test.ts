import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { childEnvironment } from "../../scripts/child-environment.ts";
import { runTogether } from "../support/run-together.ts";

const start = join(import.meta.dirname, "../start.ts");
const run = (name: string) =>
  promisify(execFile)(process.execPath, ["--conditions=@orch/source", start, `conversations/${name}`], {
    env: childEnvironment({}),
  });
const ran = runTogether(import.meta.dirname, ["sequential", "concurrent", "handoff", "routed", "middleware"]);
const QUOTE = /\[\w+\.md:\d+\]/;

it.concurrent("sequential: each agent has its turn, and one answer is kept", async () => {
  const { stdout, stderr } = await ran("sequential");
  expect(stderr).toBe("researcher is done\nreporter is done\n");
  expect(stdout).toMatch(QUOTE);
  expect(stdout).toContain("2 messages are kept.");
});

it.concurrent("concurrent: both answer, and one synthesis is shown", async () => {
  const { stdout } = await ran("concurrent");
  expect(stdout).toMatch(QUOTE);
  expect(stdout).toMatch(/\n2 answered at once\.\n$/);
});

it.concurrent("handoff: who was handed the conversation has it in the next runtime", async () => {
  const { stdout, stderr } = await ran("handoff");
  expect(stderr).toBe("desk -> machines\n");
  expect(stdout).toMatch(/\[failures\.md:\d+\]/);
  expect(stdout).toMatch(/An advancer decides/);
});

it.concurrent("routed: a command, a rule and the fallback", async () => {
  const { stdout, stderr } = await ran("routed");
  expect(stderr).toBe("-> docs\n-> counting\n-> counting\n");
  expect(stdout).toMatch(/\[failures\.md:\d+\][\s\S]*\n4 words\n3 words\n$/);
});

it.concurrent("middleware: another provider answers, once", async () => {
  const { stdout, stderr } = await ran("middleware");
  expect(stderr).toBe("answered by 2 runs\nanswered by 0 runs\n");
  const [first, second] = stdout.trimEnd().split("\n");
  expect(first).toBe(second);
});

it.concurrent("inbox: a message waits and is changed, and others answer the run", async () => {
  const { stdout } = await run("inbox");
  expect(stdout.trimEnd().split("\n")).toEqual([
    "sent",
    "waits: it is autumn",
    'Send "Dear reader, it is summer."?',
    "answered: true",
    'Send "Dear reader, it is autumn."?',
    "answered: true",
  ]);
});

it("all examples are short", async () => {
  const { readFileSync } = await import("node:fs");
  for (const file of globSync("*.ts", { cwd: import.meta.dirname, exclude: ["*.test.ts"] }))
    expect(
      readFileSync(join(import.meta.dirname, file), "utf8").split("\n").length,
      file,
    ).toBeLessThanOrEqual(60);
});

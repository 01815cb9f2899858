import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { childEnvironment } from "../scripts/child-environment.ts";
import { runTogether } from "./support/run-together.ts";

const here = import.meta.dirname;
const run = async (name: string) => {
  const args = ["--conditions=@orch/source", "--unhandled-rejections=strict", join(here, "start.ts"), name];
  return promisify(execFile)(process.execPath, args, { env: childEnvironment() });
};

const ran = runTogether(here, ["busy-provider", "wrong-key"]);

it("busy-provider says what it waits for, never less than it was asked to, and then answers", async () => {
  const { stdout, stderr } = await ran("busy-provider");
  const lines = stdout.trim().split("\n");
  expect(lines[0]).toMatch(/^house answered 529: Overloaded \(attempt 2 in 0\.[3-5] s\)$/);
  expect(lines[1]).toMatch(/^house answered 529: Overloaded \(attempt 3 in (?:0\.[5-9]|1\.0) s\)$/);
  expect(lines[2]).toBe("Answer: Tea, at four.");
  expect(stderr).toBe("");
});

it("wrong-key says what to do, makes one call, and never shows the key", async () => {
  const { stdout, stderr } = await ran("wrong-key");
  expect(stdout).toContain("Set HOUSE_API_KEY in the environment");
  expect(stdout).toContain("house answered 401: Incorrect API key provided: [redacted].");
  expect(stdout).toContain('stopReason is "error", and 1 call was made.');
  expect(stdout + stderr).not.toContain("wrong-horse");
});

it("mcp-killed fails the call that was made, and the next one works again", async () => {
  const { stdout, stderr } = await run("mcp-killed");
  const lines = stdout.split("\n");
  expect(lines).toContain("The tool says: One note says: tea is best fresh.");
  expect(lines).toContain('The call failed: The MCP server "notes" is gone while "deep_search" was called.');
  expect(stdout).toContain("The next call connects once more.");
  expect(lines).toContain("The tool says: One note says: coffee is best fresh.");
  expect(stderr).toBe("");
});

/** Agents load what a tool or an answer needs with their first call; a clock that is moved meanwhile would run away from them. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("is not moved before what agents load with their first calls is there", async () => {
  const program = join(import.meta.dirname, "fixtures/cold-agent.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@orch/source", program]);
  expect(JSON.parse(stdout)).toEqual({ began: [0], output: { found: 1 }, late: [] });
});

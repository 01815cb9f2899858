/** Terminal errors of runs in a database: over a restart, a kill and several processes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOrchError, type Run } from "@orch/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sqliteHost } from "../../src/index.ts";
import { childUntil } from "../child-until.ts";
import { spending } from "../spend-in-branches.ts";

const CHILD = join(import.meta.dirname, "..", "spend-in-branches.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-terminal-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = (path: string): number[] => readFileSync(path, "utf8").trim().split("\n").map(Number);

/** Runs the flow in another process, and kills that when it says so. */
async function killedAt(word: string, file: string, lines: string, mode: string): Promise<void> {
  const { isKilled } = await childUntil([CHILD, file, lines, mode], (out) => out.includes(word));
  expect(isKilled).toBe(true);
}

async function waits(run: Run<unknown>): Promise<void> {
  for await (const event of run.events()) if (event.type === "run.waiting") return;
}

it("point 7: a halted run is retried after a restart: exactly what failed or is open runs", async () => {
  const [file, lines] = [join(folder, "halted.db"), join(folder, "halted.txt")];
  await killedAt("run.failed", file, lines, "halts");
  const before = started(lines);
  expect(before.every((item) => item < 6)).toBe(true);

  const host = sqliteHost(file);
  try {
    const flow = spending(lines, () => false, false);
    const { census } = await host.describe(flow, "r");
    expect(census).toMatchObject([{ path: "f/fan#1" }]);
    const { done, failed, open } = census![0]!;
    expect(done + failed + open).toBe(10);
    const results = (await (await host.retry(flow, "r")).result) as { value: number }[];
    expect(results.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(started(lines)).toHaveLength(before.length + failed + open);
    const numbers = (await host.events(flow, "r")).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  } finally {
    await host.close();
  }
});

it.each(["go on", "stop", "end with what is there"])(
  "point 7: a circuit survives a kill, starts nothing without an answer, and takes it from another process: %s",
  async (answer) => {
    const name = answer.replaceAll(" ", "-");
    const [file, lines] = [join(folder, `${name}.db`), join(folder, `${name}.txt`)];
    await killedAt("run.waiting", file, lines, "asks");
    const before = started(lines);
    const flow = spending(lines, () => false, true);
    const [driver, web] = [sqliteHost(file), sqliteHost(file)];
    try {
      expect(await web.questions(flow, "r")).toMatchObject([{ id: "f/circuit#1" }]);
      const run = await driver.resume(flow, "r");
      await waits(run);
      expect(started(lines)).toEqual(before);
      expect((await web.get("r"))?.status).toBe("waiting");
      await expect(web.answer(flow, "r", "f/circuit#1", "perhaps")).rejects.toMatchObject({
        code: "ORCH_INVALID_ANSWER",
      });
      await web.answer(flow, "r", "f/circuit#1", answer);
      await expect(web.answer(flow, "r", "f/circuit#1", answer)).rejects.toMatchObject({
        code: "ORCH_ALREADY_ANSWERED",
      });
      const ended: unknown = await run.result.catch((error: unknown) => error);
      if (answer === "go on") expect(ended).toHaveLength(10);
      else expect(started(lines)).toEqual(before);
      if (answer === "stop") expect(isOrchError(ended, "ORCH_HALTED")).toBe(true);
      if (answer === "end with what is there") {
        expect(ended).toContainEqual(expect.objectContaining({ status: "failed", open: true }));
        expect(ended).toContainEqual({ status: "completed", value: 0 });
      }
    } finally {
      await driver.close();
      await web.close();
    }
  },
);

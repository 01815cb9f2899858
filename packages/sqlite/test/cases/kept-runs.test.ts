/** Kept runs of a database, followed and steered by a process that has none of their code. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OrchestrationEvent } from "@orch/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import { sqliteHost } from "../../src/index.ts";

const CHILD = fileURLToPath(new URL("../follow-flow.ts", import.meta.url));

let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-kept-runs-"));
  file = join(folder, "runs.db");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A process with the code; resolves when it has told a line. */
async function worker(line: RegExp): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--conditions=@orch/source", CHILD, file], {
    env: childEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await told(child, line);
  return child;
}

async function told(child: ChildProcess, line: RegExp): Promise<void> {
  let text = "";
  for await (const piece of child.stdout!.iterator({ destroyOnReturn: false })) {
    text += piece;
    if (line.test(text)) return;
  }
  throw new Error(`The process ended and told: ${text}`);
}

it("P22: are followed over a kill and a resume by another process, and answered, without the code", async () => {
  const first = await worker(/waiting/);
  const host = sqliteHost(file);
  try {
    const run = host.run("r");
    const events: OrchestrationEvent[] = [];
    const following = (async () => {
      for await (const event of run.events()) events.push(event);
    })();
    expect(await run.status()).toBe("waiting");
    expect(await run.describe()).toMatchObject({ orchestration: "secret", status: "waiting", steps: 1 });
    expect(await run.questions()).toMatchObject([
      {
        id: "secret/approve#1",
        prompt: "Go on with 2?",
        schema: { properties: { yes: { type: "boolean" } } },
      },
    ]);
    first.kill("SIGKILL");
    await once(first, "exit");
    // Nothing drives it, and nothing here knows the schema.
    await expect(run.answer("secret/approve#1", { yes: true })).rejects.toMatchObject({
      code: "ORCH_RUN_STATE",
    });
    await worker(/waiting/);
    await expect(run.answer("secret/approve#1", "yes")).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
    });
    await run.answer("secret/approve#1", { yes: true });

    expect(await run.result).toBe("done");
    await following;
    expect(events.map(({ type }) => type).filter((type) => /completed$/.test(type))).toEqual([
      "state.completed",
      "state.completed",
      "state.completed",
      "run.completed",
    ]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  } finally {
    await host.close();
  }
});

it("are cancelled by a process without the code, also when no process drives them", async () => {
  const first = await worker(/waiting/);
  first.kill("SIGKILL");
  await once(first, "exit");
  const host = sqliteHost(file);
  try {
    await host.run("r").cancel("not needed");

    expect(await host.list()).toMatchObject([{ runId: "r", status: "cancelled", tokens: 0, cost: 0 }]);
    await expect(host.run("r").result).rejects.toMatchObject({ facts: { reason: "not needed" } });
  } finally {
    await host.close();
  }
});

it("are told of by watch, whichever process drives them", async () => {
  const host = sqliteHost(file);
  try {
    const leaving = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { change, run } of host.watch({ signal: leaving.signal })) {
        seen.push(`${run.runId} ${change}`);
        if (change === "ended") leaving.abort();
      }
    })();
    await worker(/waiting/);
    await host.run("r").cancel();
    await watching;

    expect(seen[0]).toBe("r started");
    expect(seen.at(-1)).toBe("r ended");
  } finally {
    await host.close();
  }
});

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { sqliteSessions } from "../src/sessions.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-resume-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const origin = { provider: "test", api: "test", model: "test" };
const counts: RuntimeConfiguration = {
  name: "counts",
  invoke: async ({ history }) => ({
    message: {
      role: "assistant",
      content: [{ type: "text", text: `${history.length}` }],
      origin,
      finish: { reason: "stop" },
    },
  }),
};

it("a conversation goes on in a new process after the old one was killed in the middle of a turn", async () => {
  const file = join(folder, "orch.db");
  const child = spawn(
    process.execPath,
    ["--conditions=@orch/source", join(import.meta.dirname, "hang-in-turn.ts"), file],
    { stdio: ["ignore", "pipe", "inherit"], env: childEnvironment() },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));

  const store = sqliteSessions({ file });
  const runtime = new ChatRuntime(counts, { store, sessionId: "s" });
  await expect(runtime.open()).rejects.toMatchObject({
    code: "ORCH_SESSION_HELD",
    facts: { holder: expect.stringContaining(`process ${child.pid} on`) },
  });

  child.kill("SIGKILL");
  await ended;
  const session = await runtime.open();
  expect(session.turns).toMatchObject([
    { status: "completed", configuration: "child", messages: [{ role: "user" }, { role: "assistant" }] },
    { status: "unfinished", messages: [{ role: "user", content: [{ text: "second" }] }] },
  ]);
  await runtime.invoke("third");
  await runtime.close();
  expect((await store.load("s"))?.turns.map((turn) => turn.status)).toEqual([
    "completed",
    "unfinished",
    "completed",
  ]);
  expect((await store.load("s"))?.title).toBe("first");
  await store.close();
});

/** Typed runs of `orch serve`, as the commands of their folder see them: listed, answered, gone on with and stopped. */
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { orchestration, question, runnable } from "@orch/core";
import { createServer, type Server } from "@orch/server";
import { sqliteHost } from "@orch/sqlite";
import { expect, test } from "vitest";
import { z } from "zod";
import { servedSpace } from "../src/sessions/folder-sessions.ts";
import { ASKING } from "./support/asking-files.ts";
import { buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

/** The orchestration of `ASKING`, which a server drives here. */
const approve = question("approve", {
  ask: (text: string) => `Light the lamp for ${text}?`,
  answer: z.boolean(),
});
const done = runnable("done", (yes: boolean) => (yes ? "It burns." : "It stays dark."));
const lamp = orchestration("lamp", (o) => o.start(approve).advance(approve, done).finish(done));

/** What `orch serve` is in a folder, without its process. */
function served(box: Sandbox): { readonly server: Server; readonly close: () => Promise<void> } {
  const state = join(box.home, ".local/state/orch");
  mkdirSync(state, { recursive: true });
  const host = sqliteHost(join(state, "sessions.db"));
  const space = servedSpace(realpathSync(box.folder));
  const server = createServer({ host, space, orchestrations: { light: { orchestration: lamp } }, doors: [] });
  return { server, close: () => host.close() };
}

async function started(server: Server, topic: string): Promise<string> {
  const run = await server.runs().start("light", topic);
  for await (const { type } of await server.runs().follow(run)) if (type === "run.waiting") break;
  return run;
}

test("typed runs are listed, answered while a server drives them and when none does, and stopped, by the commands of their folder alone", async () => {
  const { file } = await buildCli();
  await using box = await sandbox(file, ASKING);
  await using other = await sandbox(file, ASKING);
  const { server, close } = served(box);
  const [first, second, third] = [
    await started(server, "the night"),
    await started(server, "the fog"),
    await started(server, "the storm"),
  ];
  const rows = (await box.run(["runs"])).stdout.trim().split("\n");
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/^\w{4,} {2}waits for you in approve {2}now {2}lamp {2}of a client of orch serve$/);
  expect((await { ...other, home: box.home }.run(["runs"])).stdout).toMatch(/^No run is under way here/);
  const { questions } = JSON.parse((await box.run(["inbox", "--json"])).stdout) as {
    readonly questions: readonly {
      readonly run: string;
      readonly number: number;
      readonly question: string;
    }[];
  };
  expect(questions.map(({ run }) => run)).toEqual([first, second, third]);
  const wrong = await box.run(["answer", questions[0]!.question, "maybe"]);
  expect(wrong).toMatchObject({ code: 6, stderr: expect.stringContaining("It stays open.") });
  const driven = await box.run(["answer", questions[0]!.question, "yes"]);
  expect(driven).toMatchObject({ code: 0, stdout: expect.stringContaining(" goes on with it.") });
  for await (const _ of await server.runs().follow(first!));

  // The server ends; its runs stay.
  await server.park();
  await close();
  const kept = await box.run(["answer", "2", "no", "--trust"]);
  expect(kept).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/orch attach \w+, or orch serve, goes on/),
  });
  const attached = await box.run(["attach", second!, "--trust", "--json"]);
  expect(JSON.parse(attached.stdout)).toMatchObject({
    ...{ status: "completed", orchestration: "lamp", text: "It stays dark.", runId: second },
  });
  expect(await box.run(["attach", third!.slice(-6), "--trust"])).toMatchObject({
    code: 20,
    stderr: expect.stringMatching(/Answer it by orch answer \w+ <value>; then orch attach goes on/),
  });
  expect((await box.run(["cancel", third!])).stdout).toMatch(/^Stopped run \w+ of lamp\.\n$/);
  const { runs } = JSON.parse((await box.run(["runs", "--all", "--json"])).stdout) as {
    readonly runs: object[];
  };
  expect(runs).toMatchObject([
    { run: third, standing: "cancelled", orchestration: "lamp", tokens: 0 },
    { run: second, standing: "completed" },
    { run: first, standing: "completed" },
  ]);
  expect(runs[0]).not.toHaveProperty("session");
});

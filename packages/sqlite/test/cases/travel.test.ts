import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { each, orchestration, question, race, runnable } from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { sqliteHost } from "../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-travel-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plan = runnable("plan", (n: number) => [n, n + 1]);
const search = runnable("search", (n: number) => n * 2);
const searchAll = each("searchAll", search);
const mirror = runnable("mirror", (list: readonly number[]) => list.length);
const fastest = race("fastest", { mirror });
const approve = question("approve", { ask: "publish?", answer: z.boolean() });
const publish = runnable("publish", (isApproved: boolean) => (isApproved ? "published" : "kept"));
const flow = orchestration("paper", (o) =>
  o
    .start(plan)
    .advance(plan, searchAll)
    .advance(searchAll, fastest)
    .advance(fastest, approve)
    .advance(approve, publish)
    .finish(publish),
);

/** A process of its own: what is kept is read from the file. */
async function inProcess<TResult>(act: (host: DurableHost) => Promise<TResult>): Promise<TResult> {
  const host = sqliteHost(join(folder, "runs.db"));
  try {
    return await act(host);
  } finally {
    await host.close();
  }
}

it("E18, further: on a database, a fork keeps what it was given over every restart, and is forked again", async () => {
  await inProcess(async (host) => {
    const run = flow.start(1, { host, runId: "first" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
  });
  await inProcess(async (host) => {
    const fork = await host.fork(flow, "first", {
      after: "paper/searchAll#1",
      output: [1, 2, 3],
      runId: "edited",
    });
    for await (const { type } of fork.events()) if (type === "question.asked") break;
  });
  await inProcess(async (host) => {
    await host
      .fork(flow, "edited", { before: "paper/fastest#1", input: [], runId: "twice" })
      .then((run) => run.suspend());
  });
  const events = await inProcess(async (host) => {
    const run = await host.resume(flow, "twice");
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await run.answer("paper/approve#1", true);
    expect(await run.result).toBe("published");
    return host.events(flow, "twice");
  });

  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const outputs = events.flatMap((event) =>
    event.type === "state.completed" ? [[event.path, event.output]] : [],
  );
  expect(Object.fromEntries(outputs)).toMatchObject({ "paper/searchAll#1": [1, 2, 3], "paper/fastest#1": 0 });
});

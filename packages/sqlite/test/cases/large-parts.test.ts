/** E26 on a file: what is large in the values of a run is on disk once, and goes with the run. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { orchestration, type Runnable, runnable } from "@orch/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqliteHost } from "../../src/index.ts";

interface Doc {
  readonly big: string;
  readonly i: number;
}

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-parts-"));
  file = join(folder, "runs.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("E26: 20 states that hand on a text of 1 MB in an object cost under 1.2 MB, which goes with the run", async () => {
  const state: Runnable<Doc, Doc> = runnable("state", ({ big, i }: Doc) => ({ big, i: i + 1 }));
  const flow = orchestration("f", (o) =>
    o
      .start(state)
      .advance(state, state, { when: ({ i }) => i < 20 })
      .finish(state),
  );
  const big = "x".repeat(1_000_000);
  const host = sqliteHost(file);
  await flow.run({ big, i: 0 }, { host, runId: "r" });
  await host.close();
  expect(statSync(file).size).toBeLessThan(1_200_000);

  const later = sqliteHost(file);
  expect(await (await later.resume(flow, "r")).result).toEqual({ big, i: 20 });
  expect((await later.events(flow, "r")).at(-1)).toMatchObject({ output: { big, i: 20 } });
  await later.delete("r");
  await later.close();
  const database = new DatabaseSync(file, { readOnly: true });
  for (const table of ["journal", "blobs", "blob_uses"])
    expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  database.close();
});

it("a conversation that grows by one costs what is new", async () => {
  interface Message {
    readonly role: string;
    readonly content: string;
  }
  const talk = runnable("talk", (list: readonly Message[]) => [
    ...list,
    { role: list.length % 2 === 0 ? "user" : "assistant", content: `message ${list.length} `.repeat(12) },
  ]);
  const flow = orchestration("f", (o) =>
    o
      .start(talk)
      .advance(talk, talk, { when: (list) => list.length < 500 })
      .finish(talk),
  );
  const host = sqliteHost(file);
  const output = await flow.run([], { host, runId: "r" });
  await host.close();
  // The first of them are written again, until there are enough of them to look for.
  expect(statSync(file).size).toBeLessThan(4 * JSON.stringify(output).length);
  const later = sqliteHost(file);
  expect(await (await later.resume(flow, "r")).result).toEqual(output);
  await later.close();
});

/** What the user asked not to keep is kept nowhere: every file below the home folder and the folder is looked at. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const PRIVATE = "zanzibar journal";
const BROKEN = `import { orchestration, runnable } from "@orch/core";
const fails = runnable("fails", (text) => { throw new TypeError("bug about " + text); });
export default () => orchestration("mine", (o) => o.start(fails).finish(fails));
`;
const FILES = {
  "README.md": "# Lighthouse\n\nThe journal of the lighthouse.\n",
  "mine.mjs": BROKEN,
  "orch.config.json": JSON.stringify({ orchestrations: { mine: { file: "./mine.mjs" } } }),
};

/** The files that hold `text`, and every file in the home folder. */
async function left({ home, folder }: Sandbox): Promise<readonly string[]> {
  const found: string[] = [];
  for (const root of [home, folder])
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      if (root === home || (await readFile(file, "latin1")).includes("zanzibar"))
        found.push(file.slice(root.length));
    }
  return found;
}

it("T03: --no-session leaves no history, no conversation, no trust and no report of what was said", async () => {
  await using box = await sandbox(cli.file, FILES);
  await using app = box.start(["--no-session", "--trust"]);
  await app.until(READY);
  app.type(`${PRIVATE}\r`);
  await app.until((it) => it.screen().endsWith(" / commands") && it.count("zanzibar") > 0);
  app.type("/orc mine\r");
  await app.until("answers from now on");
  app.type(`${PRIVATE} again\r`);
  await app.until("bug about");
  app.type("/quit\r");
  await app.ended;
  const args = ["-p", `${PRIVATE} once more`, "--orc", "mine", "--trust", "--no-session"];
  await using once = box.start(args);
  await once.ended;
  expect(await left(box)).toEqual([]);
});

it("T03: without --no-session the same is kept, so that the look is not blind", async () => {
  await using box = await sandbox(cli.file, FILES);
  await using app = box.start(["--trust", "--orc", "mine"]);
  await app.until(READY);
  app.type(`${PRIVATE}\r`);
  await app.until("bug about");
  app.type("/quit\r");
  await app.ended;
  const files = await left(box);
  for (const name of ["history.jsonl", "trust.json", "sessions.db"])
    expect(files).toContainEqual(expect.stringContaining(name));
});

/** A disk that is full or read-only, and a store that is locked or damaged: told at once, and nothing is lost. */
import { execFileSync, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "../../../scripts/lanes.ts";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { DOCUMENTS, type Sandbox, sandbox } from "./support/sandbox.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");
const stateOf = (box: Sandbox): string => join(box.home, ".local/state");
const storeOf = (box: Sandbox): string => join(stateOf(box), "orch/sessions.db");

/** Where a small disk can be mounted: elsewhere these tests are skipped, and said to be. */
const mounts = ((): boolean => {
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
})();

/** A sandbox in which a folder is a disk of three megabytes: its state folder, or one named from its root. */
async function onSmallDisk(
  files = DOCUMENTS,
  place?: string,
): Promise<Sandbox & { readonly remount: (how: string) => void }> {
  const box = await sandbox(cli.file, files);
  const state = place === undefined ? stateOf(box) : join(box.home, "..", place);
  await mkdir(state, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "none", state]);
  return {
    ...box,
    remount: (how) => void execFileSync("mount", ["-o", `remount,${how}`, state]),
    [Symbol.asyncDispose]: async () => {
      execFileSync("umount", ["-l", state]);
      await box[Symbol.asyncDispose]();
    },
  };
}

/**
 * Fills the disk, so that the next write of the store fails. The log is cut to nothing before: after a checkpoint it is
 * written from its beginning again, and what fits into its old length needs no room.
 */
async function fillDisk(box: Sandbox, fill: string): Promise<void> {
  const database = new DatabaseSync(storeOf(box), { timeout: 10_000 });
  expect(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
  database.close();
  await expect(writeFile(fill, Buffer.alloc(4e6))).rejects.toThrow("ENOSPC");
}

/** Sends a message, and gives after how many milliseconds a text is on the screen that says what went wrong. */
async function toldAfter(app: TerminalApp, message: string, told: RegExp): Promise<number> {
  app.type(message);
  const at = performance.now();
  app.type("\r");
  await app.until((it) => told.test(it.unbroken().split(`› ${message}`).at(-1)!));
  return performance.now() - at;
}

async function oneTurn(box: Sandbox, args: readonly string[] = []): Promise<TerminalApp> {
  const app = box.start(["--trust", ...args]);
  await app.until(READY);
  app.type("the lamp\r");
  await app.until("The lamp burns oil.");
  await app.until(idle);
  return app;
}

const told: number[] = [];
afterAll(() => {
  if (told.length > 0)
    figure(
      `store faults told on the screen of the chat: ${told.length}, the slowest after ${Math.round(Math.max(...told))} ms`,
    );
});

test.skipIf(!mounts)(
  "a full disk is told, and what was said meanwhile is kept once there is room",
  async () => {
    await using box = await onSmallDisk();
    const fill = join(stateOf(box), "fill");
    {
      await using app = await oneTurn(box);
      await fillDisk(box, fill);
      told.push(await toldAfter(app, "the journal", /✕ The database .* full\./s));
      const { code, stderr } = await box.run(["-p", "the lamp"]);
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("disk is full") });
      expect((await box.run(["sessions"])).code).toBe(0);
      await rm(fill);
      // The message itself could not be kept: it stays apart, and is tried again.
      await app.until("This message stays apart");
      await app.until(idle);
      app.type("/retry\r");
      await app.until("keeps a journal of every ship");
      await app.until(idle);
      app.type("the keeper\r");
      await app.until(
        /It is filled every evening by the keeper\.[\s\S]*› the keeper[\s\S]*filled every evening/,
      );
      await app.until(idle);
      app.type("\u0004");
      await app.ended;
    }
    await using app = box.start(["--trust", "-c"]);
    await app.until(/› the lamp[\s\S]*› the journal[\s\S]*every ship[\s\S]*› the keeper[\s\S]*by the keeper/);
    expect(app.scrollback()).not.toContain("unfinished");
  },
);

test.skipIf(!mounts)(
  "a disk that is full in the middle of a run is told while the run waits, and it goes on by itself; nothing else is half written",
  async () => {
    await using box = await onSmallDisk(FORMS);
    const fill = join(stateOf(box), "fill");
    await using app = box.start(["--trust", "--orc", "tool"], { columns: 110, rows: 40 });
    await app.until(READY);
    app.type("a.md\r");
    await app.until((it) => it.screen().includes("y yes, once"));
    await fillDisk(box, fill);
    const at = performance.now();
    // Yes, and always: that cannot be kept, and the run cannot write down what its tool gave.
    app.type("a");
    const says = (it: TerminalApp, text: RegExp): boolean => text.test(it.screen().replaceAll(/\s+/g, " "));
    await app.until((it) =>
      says(it, /approvals\.json cannot be written \(ENOSPC\), so what is allowed for good stays as it was\./),
    );
    await app.until((it) => says(it, /! The database .*full\. The run waits, and goes on by itself\./));
    told.push(performance.now() - at);
    app.type("/theme light\r");
    // Elsewhere there is room.
    await app.until("light");
    await rm(fill);
    await app.until("Told edited a.md.");
    await app.until(idle);
    expect(app.screen()).not.toContain("The run waits");
    expect((await readdir(join(stateOf(box), "orch"))).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(await readFile(join(box.folder, "ran"), "utf8")).toBe("a.md\n");
  },
);

test.skipIf(!mounts)(
  "an export to a full disk is told, leaves nothing behind, and is there at the next try",
  async () => {
    await using box = await onSmallDisk(DOCUMENTS, "project/out");
    await using app = await oneTurn(box);
    const out = join(box.folder, "out");
    await expect(writeFile(join(out, "fill"), Buffer.alloc(4e6))).rejects.toThrow("ENOSPC");
    told.push(
      await toldAfter(
        app,
        "/export md out/talk.md",
        /✕ out\/talk\.md cannot be written \(ENOSPC\), so nothing was written\./,
      ),
    );
    expect(await readdir(out)).toEqual(["fill"]);
    await rm(join(out, "fill"));
    app.type("/export md out/talk.md\r");
    await app.until("The conversation is in out/talk.md");
  },
);

test.skipIf(!mounts)("a disk that is read-only is told at the start, and nothing is promised", async () => {
  await using box = await onSmallDisk();
  {
    await using app = await oneTurn(box);
    app.type("\u0004");
    await app.ended;
  }
  box.remount("ro");
  const { code, stderr } = await box.run(["-p", "the lamp"]);
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("This conversation is not kept"),
  });
  for (const args of [["sessions"], ["runs"], ["inbox"]])
    expect(await box.run(args), args[0]).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The database"),
    });
  {
    await using app = box.start(["--trust", "-c"]);
    await app.until("✕ The database");
    await app.until("! This conversation is not kept.");
    await app.until(READY);
    expect(app.scrollback()).not.toContain("There is no earlier conversation");
    app.type("the journal\r");
    await app.until("written before the lamp is lit");
  }
  box.remount("rw");
  await using app = box.start(["--trust", "-c"]);
  await app.until("The lamp burns oil.");
});

test("a store that another process has locked is told within a second, and goes on after it", async () => {
  await using box = await sandbox(cli.file, DOCUMENTS);
  await using app = await oneTurn(box);
  const lock = `const { DatabaseSync } = require("node:sqlite");
    new DatabaseSync(process.argv[1]).exec("BEGIN IMMEDIATE"); console.log("held"); setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ["-e", lock, storeOf(box)]);
  try {
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    told.push(await toldAfter(app, "the journal", /✕ The database .* locked/s));
    await using other = box.start(["--trust", "-c"], { asProcess: true });
    await other.until(/✕ The database .* locked/s);
    await other.until(READY);
  } finally {
    holder.kill("SIGKILL");
  }
  await app.until(idle);
  app.type("the keeper\r");
  await app.until(/› the keeper[\s\S]*filled every evening/);
});

test("a damaged store is told, an untouched copy is kept, and every command says so", async () => {
  await using box = await sandbox(cli.file, DOCUMENTS);
  {
    await using app = await oneTurn(box);
    app.type("\u0004");
    await app.ended;
  }
  const bytes = await readFile(storeOf(box));
  for (let at = 4096; at < bytes.length; at += 512) bytes[at]! ^= 255;
  await writeFile(storeOf(box), bytes);
  for (const args of [["sessions"], ["runs"], ["inbox"]])
    expect(await box.run(args), args[0]).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is damaged"),
    });
  await using app = box.start(["--trust", "-c"]);
  await app.until("is damaged");
  await app.until("! This conversation is not kept.");
  app.type("the journal\r");
  await app.until("written before the lamp is lit");
  const copies = (await readdir(join(stateOf(box), "orch"))).filter((name) => /\.damaged-\w+$/.test(name));
  expect(copies).toHaveLength(1);
  expect(await readFile(join(stateOf(box), "orch", copies[0]!))).toEqual(bytes);
});

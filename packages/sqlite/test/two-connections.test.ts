/** Runs and sessions in one file, both open in one process, beside other processes that come and go. */
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { sqliteHost } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";

it("keeps its log when another process opens the file and closes it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-two-"));
  const file = join(folder, "chat.db");
  const child = fileURLToPath(new URL("open-and-close.ts", import.meta.url));
  const store = sqliteSessions({ file });
  const host = sqliteHost(file);
  try {
    await store.open("s", 1);
    const log = statSync(`${file}-wal`).ino;
    await promisify(execFile)(process.execPath, ["--conditions=@orch/source", child, file]);
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.ino).toBe(log);
    // Whoever opens it next sees what is written now.
    await store.rename("s", "written after");
    const next = sqliteSessions({ file });
    expect((await next.list()).map(({ title }) => title)).toEqual(["written after"]);
    await next.close();
  } finally {
    await host.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

it("keeps its locks when it copies a damaged file aside", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-two-"));
  const file = join(folder, "chat.db");
  const child = fileURLToPath(new URL("open-and-close.ts", import.meta.url));
  const store = sqliteSessions({ file });
  const host = sqliteHost(file);
  const handles = (): number => readdirSync("/proc/self/fd").length;
  const before = handles();
  try {
    await store.open("s", 1);
    const turn = { id: "t", configuration: "test", status: "completed", messages: [], startedAt: 1 } as const;
    await store.finish("s", turn);
    const log = statSync(`${file}-wal`).ino;
    const other = new DatabaseSync(file);
    other.exec("UPDATE turns SET body = '{}'");
    other.close();
    for (let at = 0; at < 50; at++)
      await expect(store.load("s")).rejects.toMatchObject({ code: "ORCH_STORE_DAMAGED" });
    expect(readdirSync(folder).filter((name) => /damaged-\w+$/.test(name))).toHaveLength(1);
    // However often it is read past SQLite, a handle is kept for each of its files, and no more.
    expect(handles() - before).toBeLessThan(8);
    await promisify(execFile)(process.execPath, ["--conditions=@orch/source", child, file]);
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.ino).toBe(log);
  } finally {
    await host.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(handles()).toBeLessThan(before);
});

it("reads no byte of a database past SQLite but by one door", () => {
  const sources = fileURLToPath(new URL("../src", import.meta.url));
  const opens = globSync("**/*.ts", { cwd: sources }).flatMap((name) => {
    if (name.endsWith(".test.ts") || name === join("database", "open-files.ts")) return [];
    const found = readFileSync(join(sources, name), "utf8").match(
      /(?<!\bimport\b.*)\b(?:openSync|readFileSync|copyFileSync|createReadStream|cpSync|truncateSync|open|readFile|copyFile)\((?!\)).*/g,
    );
    return (found ?? []).map((line) => `${name}: ${line}`);
  });
  expect(
    opens.filter(
      (line) => !/["`]wx"|sealNameOf\(|\/proc\/|openSync\((?:folder, "r"|copy, "r\+")\)|: open\(/.test(line),
    ),
  ).toEqual([]);
});

/** Runs and sessions in one file, both open in one process, beside other processes that come and go. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

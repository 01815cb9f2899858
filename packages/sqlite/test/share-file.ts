/**
 * A process that shares a file with others until it is killed: `share-file.ts write|visit <file> <session> <first>`. It has
 * sessions and runs of the file open at once, as the chat has. A writer commits turns and runs, numbered from `first` on, reads the
 * files past SQLite in between, and opens its doors anew now and then; it writes `turn <n>` and `run <n>` once the store has
 * said so. A visitor opens, looks and closes, and writes `looked`.
 */
import { writeSync } from "node:fs";
import { orchestration, runnable } from "@orch/core";
import { lostFrames } from "../src/database/lost-frames.ts";
import { sqliteHost } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";

const [role, file = "", session = "", first = "1"] = process.argv.slice(2);
const grow = runnable("grow", async (n: number) => n + 1);
const flow = orchestration<number, number>("shared", (o) => o.start(grow).finish(grow));

if (role === "visit") {
  for (;;) {
    const store = sqliteSessions({ file, busyTimeout: 30_000 });
    const host = sqliteHost(file, { busyTimeout: 30_000 });
    await store.list({ words: "question" });
    await host.list();
    await store.close();
    await host.close();
    writeSync(1, "looked\n");
  }
}

let store = sqliteSessions({ file, busyTimeout: 30_000 });
let host = sqliteHost(file, { busyTimeout: 30_000 });
await store.open(session, 1);
for (let at = Number(first); ; at++) {
  const message = {
    role: "user",
    content: [{ type: "text", text: `question ${at} `.repeat(at % 90) }],
  } as const;
  const turn = { id: `${session}-${at}`, configuration: "child", startedAt: at };
  await store.begin(session, { ...turn, message, title: session });
  await store.finish(session, { ...turn, status: "completed", messages: [message], endedAt: at });
  writeSync(1, `turn ${at}\n`);
  lostFrames(file);
  await flow.run(at, { host, runId: turn.id, ifExists: "resume" });
  writeSync(1, `run ${at}\n`);
  if (at % 5 === 0) {
    await host.close();
    host = sqliteHost(file, { busyTimeout: 30_000 });
  }
  if (at % 7 === 0) {
    await store.close();
    store = sqliteSessions({ file, busyTimeout: 30_000 });
    await store.open(session, 1);
  }
}

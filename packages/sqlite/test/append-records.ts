/**
 * A process that adds records to a run until it is killed: `append-records.ts <file> <run>`. It takes the run over, and
 * writes `done <n>` to its output once the store has said so.
 */
import { writeSync } from "node:fs";
import { sqliteStore } from "../src/index.ts";

const [file = "", runId = ""] = process.argv.slice(2);
const store = sqliteStore(file);
const until = Date.now() + 3_600_000;
const run = { runId, orchestration: "o", version: "1", hash: "h", createdAt: 1 };
const made = await store.create(run, [], until);
const claimed = made === "exists" ? await store.claim(runId, Date.now(), until) : undefined;
if (claimed !== undefined && claimed.kind !== "claimed") {
  writeSync(2, `${JSON.stringify(claimed)}\n`);
  process.exit(1);
}
const claim = claimed?.kind === "claimed" ? claimed.claim : made;
if (claim !== "exists") {
  for (let at = ((await store.load(runId))?.length ?? 0) + 1; ; at++) {
    // Every seventh is large, every fifth is two at once: several pages of the log for one commit.
    const value = JSON.stringify(`value ${at} `.repeat(at % 7 === 0 ? 5000 : 10));
    const record = { type: "committed", at, path: `step#${at}`, value } as const;
    const records = at % 5 === 0 ? [record, { ...record, at: at + 1 }] : [record];
    await store.append([{ claim, from: at, records, dueAt: at }]);
    if (records.length === 2) at += 1;
    tell(`done ${at}\n`);
  }
}

/** A full pipe refuses a line; the reader is another process, so asking again is enough. */
function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

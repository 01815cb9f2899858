/**
 * A process that commits turns until it is killed: `commit-turns.ts <file> <session> <first> [<last>]`. It stays in the turn
 * `last`, which it does not finish. It writes `begun <n>` and `done <n>` to its output once the store has said so.
 */
import { writeSync } from "node:fs";
import { sqliteSessions } from "../src/sessions.ts";

const [file = "", session = "", first = "1", last] = process.argv.slice(2);
const store = sqliteSessions({ file });
await store.open(session, 1);
for (let at = Number(first); ; at++) {
  const id = `turn${at}`;
  const message = { role: "user", content: [{ type: "text", text: `question ${at}` }] } as const;
  await store.begin(session, { id, configuration: "child", message, startedAt: at, title: "Killed often" });
  writeSync(1, `begun ${at}\n`);
  // A timer keeps the process alive.
  if (String(at) === last) await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  const origin = { provider: "test", api: "test", model: "test" };
  // Several pages long, so that a turn is many frames of the log.
  const text = `answer ${at} `.repeat(1 + ((at * 7919) % 1500));
  const answer = {
    role: "assistant",
    content: [{ type: "text", text }],
    origin,
    finish: { reason: "stop" },
  } as const;
  await store.finish(session, {
    id,
    configuration: "child",
    status: "completed",
    messages: [message, answer],
    startedAt: at,
    endedAt: at + 1,
  });
  writeSync(1, `done ${at}\n`);
}

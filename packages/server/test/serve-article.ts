/** A server of the article on files, until it is killed: `serve-article.ts <door> <folder> <gate> <port> orchestration|chat`. */
import { join } from "node:path";
import { sqliteHost } from "@orch/sqlite";
import { sqliteSessions } from "@orch/sqlite/sessions";
import type { Gate } from "./article.ts";
import { type ServedAs, serveArticle } from "./served-article.ts";
import { servedDoors } from "./served-doors.ts";

/** `open`, or the state whose gate is shut. */
const [door = "", folder = "", shut = "", port = "0", as = ""] = process.argv.slice(2);
const gate: Gate = (_, signal, at) =>
  at !== shut
    ? Promise.resolve()
    : new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const { server, port: listens } = await serveArticle({
  doors: servedDoors[door]!(),
  gate,
  as: as as ServedAs,
  host: sqliteHost(join(folder, "runs.db")),
  sessions: sqliteSessions({ file: join(folder, "sessions.db") }),
  port: Number(port),
  onError: (error) => console.error(error),
});
await server.resume();
console.log(`listens on ${listens}`);

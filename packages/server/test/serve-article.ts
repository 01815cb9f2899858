/** A server of the article on a file, until it is killed: `serve-article.ts <door> <file> open|shut <port>`. */
import { sqliteHost } from "@orch/sqlite";
import { serveArticle } from "./served-article.ts";
import { servedDoors } from "./served-doors.ts";

const [door = "", file = "", gate = "", port = "0"] = process.argv.slice(2);
const shut = (_: string, signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const { server, port: listens } = await serveArticle({
  doors: servedDoors[door]!(),
  gate: gate === "open" ? () => Promise.resolve() : shut,
  host: sqliteHost(file),
  port: Number(port),
  onError: (error) => console.error(error),
});
await server.resume();
console.log(`listens on ${listens}`);

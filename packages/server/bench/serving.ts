/**
 * The process that serves, and that can do the same work without a server when it is told to:
 *
 *     serving.ts memory|<file>
 *
 * It sends its address, then answers each `{ talk, streams, milliseconds }` with the same work called directly.
 */
import { speech } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { sqliteHost } from "@orch/sqlite";
import { createServer } from "../src/index.ts";
import { json } from "../src/json.ts";
import { listen } from "../src/node.ts";
import { sse } from "../src/sse.ts";
import { type Load, load } from "./load.ts";
import { type Talk, talk } from "./talk.ts";

const [file = "memory"] = process.argv.slice(2);
const host = file === "memory" ? memoryHost() : sqliteHost(file);
const limits = { running: 10_000, streams: 10_000 };
const server = createServer({
  host,
  limits,
  orchestrations: { talk: { orchestration: talk } },
  doors: [json(), sse()],
});
const { url } = await listen(server);

process.on("message", (wanted: Load) => {
  void load(wanted, directly).then((found) => process.send?.(found));
});
// The one who measures has gone: nothing is left to do.
process.on("disconnect", () => process.exit());
process.send?.(url);

/** One run, called as a program calls it that has the engine in its own process. */
async function directly(how: Talk): Promise<number> {
  const began = performance.now();
  const run = talk.start(how, { host });
  let first = Number.NaN;
  for await (const event of run.events()) {
    if (speech.of(event) !== undefined && Number.isNaN(first)) first = performance.now() - began;
  }
  await run.result;
  return first;
}

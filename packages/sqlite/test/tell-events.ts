/**
 * A process that drives a run and tells its events, a line of JSON each: `tell-events.ts FILE LEVEL FROM`. It starts
 * the run "r" or takes it up, and tells its events from number FROM on.
 */
import type { Durability } from "@orch/core/host";
import { sqliteHost } from "../src/index.ts";
import { talking } from "./shared-flows.ts";

const [file = "", level = "step", from = "1"] = process.argv.slice(2);
const host = sqliteHost(file, { durability: level as Durability });
const isThere = (await host.get("r")) !== undefined;
const run = isThere ? await host.resume(talking, "r") : talking.start(0, { host, runId: "r" });
for await (const event of run.events({ from: Number(from) })) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
await host.close();

/** A wait that outlives its process: the first host is closed in its middle, the second waits for the rest only. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, runnable, sleep } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";

const order = runnable("order", (item: string) => `${item}, ordered`);
const coolDown = sleep<string>("coolDown", 1_000);
const ship = runnable("ship", (item: string) => `${item} and shipped`);
const flow = orchestration("orders", (o) =>
  o.start(order).advance(order, coolDown).advance(coolDown, ship).finish(ship),
);

const folder = await mkdtemp(join(tmpdir(), "orch-"));
const file = join(folder, "runs.db");
const began = Date.now();

const first = sqliteHost(file);
const run = flow.start("tea", { host: first, runId: "order-1" });
for await (const event of run.events()) {
  if (event.type === "state.started" && event.state === "coolDown") break;
}
console.log(`in the middle of it: ${run.status}`);
await run.suspend();
await first.close();
await run.result.catch((error: Error) => console.log(error.message.split("\n")[0]));

// As a server does when it starts: whatever is unfinished goes on, sleeps until their time.
const second = sqliteHost(file);
const { runs } = await second.resumeAll([flow]);
console.log(`taken up: ${runs.map(({ id }) => id)}`);
console.log(await runs[0]?.result);
const waited = Date.now() - began;
console.log(waited >= 1_000 ? "the sleep was kept whole" : `only ${waited} ms`);
await second.close();
await rm(folder, { recursive: true });

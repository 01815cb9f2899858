import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, runnable, sharedState } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";

// Values of a run live in shared state, and not in a variable beside the runnables: they go with the run.
const memory = sharedState("memory", {
  notes: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
});
const note = runnable("note", (text: string, ctx) => {
  ctx.state(memory).add("notes", [text]);
  return ctx.state(memory).get("notes").length;
});
const flow = orchestration("noting", (o) => o.start(note).finish(note));
console.log("notes of each run:", await flow.run("first"), await flow.run("second"));

// What you add from outside is yours to end: a listener by the function that `on` gives ...
const heard: string[] = [];
const off = flow.on("*", (event) => heard.push(event.type));
await flow.run("heard");
off();
await flow.run("not heard");
console.log("events heard:", heard.length);

// ... and a host by `close`. What it keeps grows until you prune it.
const folder = await mkdtemp(join(tmpdir(), "orch-"));
const host = sqliteHost(join(folder, "runs.db"));
for (let count = 0; count < 3; count++) await flow.run(`run ${count}`, { host });
console.log("kept runs:", (await host.list()).length);
console.log("pruned runs:", await host.prune({ endedBefore: Date.now() + 1_000 }));
await host.close();
await rm(folder, { recursive: true });

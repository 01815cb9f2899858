/** A worker: `worker.ts PORT`. It performs what the server gives it, until its input ends. Start as many as you like. */
import { restateWorker } from "@orch/restate/worker";
import { research } from "./research.ts";

const [port = "0"] = process.argv.slice(2);
// Any worker may perform a search; what is quick is performed by the worker that drives the run.
const worker = restateWorker({ flows: [research], remote: ["search"], port: Number(port) });
await worker.listen();
console.log("listens");

process.stdin.resume();
process.stdin.once("end", () => worker.close({ drain: 1_000 }).then(() => process.exit(0)));

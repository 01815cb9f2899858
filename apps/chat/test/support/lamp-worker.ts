/** A worker that has the orchestration `lamp`: `lamp-worker.ts FILE ADMIN PORT`. It registers itself, says `ready`, and ends when its input ends. */
import { pathToFileURL } from "node:url";
import { restateWorker } from "@orch/restate/worker";

const [file = "", admin = "", port = "0"] = process.argv.slice(2);
const { default: lamp } = await import(pathToFileURL(file).href);
const worker = restateWorker({ flows: [lamp], port: Number(port) });
await worker.listen();
// One that was killed stood at the same address.
await worker.register(admin, undefined, { force: true });
console.log("ready");
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

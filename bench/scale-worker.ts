/** A worker of `bench/scale.ts`: `scale-worker.ts PORT [REST_AFTER]`. It ends when its input ends. */
import { restateWorker } from "@orch/restate/worker";
import { localFan, localLine, naps, REMOTE, remoteFan, remoteLine, slowLine } from "./scale-flows.ts";

const worker = restateWorker({
  flows: [localLine, remoteLine, localFan, remoteFan, slowLine, naps],
  remote: REMOTE,
  port: Number(process.argv[2]),
  restAfter: Number(process.argv[3] ?? 30_000),
});
await worker.listen();
console.log("ready");
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

/** A worker of `bench/scale.ts`: `scale-worker.ts PORT`. It ends when its input ends. */
import { restateWorker } from "@orch/restate/worker";
import { localFan, localLine, REMOTE, remoteFan, remoteLine, slowLine } from "./scale-flows.ts";

const worker = restateWorker({
  flows: [localLine, remoteLine, localFan, remoteFan, slowLine],
  remote: REMOTE,
  port: Number(process.argv[2]),
});
await worker.listen();
console.log("ready");
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

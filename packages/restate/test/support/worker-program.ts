/**
 * A worker as a process: `worker-program.ts FOLDER NAME PORT STEPS INGRESS`. It has the orchestrations of the kill suites, listens on the port, says
 * `ready`, and ends when its input ends.
 */
import { restateWorker } from "@orch/restate/worker";
import { makePaying } from "./paying.ts";
import { makeResearch } from "./research.ts";

const [folder = ".", name = "worker", port = "0", steps = "here", ingress] = process.argv.slice(2);
const isRemote = steps === "anywhere";
const worker = restateWorker({
  flows: [makeResearch({ folder, name }), makePaying({ folder, name })],
  port: Number(port),
  ...(isRemote && { remote: ["search", "pay"] }),
  ...(ingress !== undefined && { ingress }),
});
await worker.listen();
console.log("ready");
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

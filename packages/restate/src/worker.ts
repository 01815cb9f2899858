/** The worker: drives runs for a Restate server. */
export type { FetchDoor } from "./client/fetch-door.ts";
export type { AdminOptions } from "./client/register-deployment.ts";
export type { WorkerHandler } from "./worker/listen.ts";
export { type RestateWorker, type RestateWorkerOptions, restateWorker } from "./worker/restate-worker.ts";
export type { WorkerLine, WorkerLog } from "./worker/worker-log.ts";

/** The thread that keeps the index of a folder: it reads and writes without holding up the screen. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "@orch/core/doors";
import type { IndexPlace } from "./folder-index/file-index.ts";
import type { IndexReply, IndexRequest } from "./folder-index/find-by-index.ts";
import { FolderIndex } from "./folder-index/folder-index.ts";

const index = new FolderIndex(workerData as IndexPlace, systemClock);

parentPort?.on("message", async ({ id, words }: IndexRequest) => {
  const reply: IndexReply = { id, found: words && (await index.find(words)) };
  parentPort?.postMessage(reply);
  if (words === undefined) await index.refresh();
});

/** The check of a file that was opened by its seal, on a thread of its own, while the file is in use. */
import { threadsModule } from "./late-platform.ts";

/** How long all of a file goes without being read, in milliseconds. */
const DAY = 86_400_000;

/** It stands here as text, so that it needs no file of its own in a bundle. */
const CHECK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { DatabaseSync } = require("node:sqlite");
  let said;
  try {
    const database = new DatabaseSync(workerData, { readOnly: true });
    said = database.prepare("PRAGMA quick_check(3)").all().map((row) => String(Object.values(row)[0])).join("; ");
    database.close();
  } catch (error) {
    said = error.errcode === 11 || error.errcode === 26 ? error.message : undefined;
  }
  parentPort.postMessage(said);
`;

/** Who is told of a check. */
export interface CheckLater {
  readonly file: string;
  /** When it was checked last, and now, in milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly now: number;
  /** The file is whole. */
  readonly whole: () => void;
  /** Told what is wrong with it. */
  readonly found: (problem: string) => void;
}

/** Checks a file that was not checked for a day. Gives a function that ends it; it holds no process open. */
export function checkLater({ file, checkedAt, now, whole, found }: CheckLater): () => void {
  if (now - checkedAt < DAY) return () => {};
  const { Worker } = threadsModule();
  const worker = new Worker(CHECK, { eval: true, workerData: file, execArgv: [] });
  worker.unref();
  worker.on("message", (said: string | undefined) => {
    if (said === "ok") whole();
    // A file that cannot be read now, because it is locked, is checked the next time.
    else if (said !== undefined) found(said);
  });
  worker.on("error", () => {});
  return () => void worker.terminate().catch(() => {});
}

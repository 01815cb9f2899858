import type { Clock } from "@orch/core";
import type { Log } from "./log.ts";

/** How long its last lines may take, in milliseconds. */
const LOG_PATIENCE = 300;

/** Lets the last lines of the log reach the disk; a disk that hangs holds nobody. */
export async function endLog(log: Log, code: number, clock: Clock): Promise<void> {
  log.write("info", "end", { code });
  await new Promise<void>((resolve) => {
    const cancel = clock.after(LOG_PATIENCE, resolve);
    void log.settled().then(() => {
      cancel();
      resolve();
    });
  });
}

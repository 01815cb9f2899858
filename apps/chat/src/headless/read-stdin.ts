/** Reads what is piped into the program. */
import type { Clock } from "@orch/core";
import { InputError } from "../errors/input-error.ts";

/** The largest input in bytes; no model takes more. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads standard input to its end; a terminal gives nothing. With `patience`, a pipe that stays open
 * and silent for so many milliseconds gives nothing either, because some programs that start us never close it.
 *
 * @throws InputError (`ORCH_INPUT`) for more than 10 MiB.
 */
export async function readStdin(stdin: NodeJS.ReadStream, clock: Clock, patience?: number): Promise<string> {
  if (stdin.isTTY) return "";
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancelTimer = patience === undefined ? () => {} : clock.after(patience, resolve);
  const onData = (chunk: Buffer): void => {
    cancelTimer();
    size += chunk.length;
    if (size > MAX_BYTES) reject(new InputError({ file: "-", problem: "it is larger than 10 MiB" }));
    else chunks.push(chunk);
  };
  stdin.on("data", onData).once("end", resolve).once("error", resolve);
  try {
    await promise;
  } finally {
    cancelTimer();
    stdin.off("data", onData).off("end", resolve).off("error", resolve);
    stdin.pause();
  }
  return Buffer.concat(chunks).toString("utf8");
}

import { exitCodes } from "../headless/exit-codes.ts";
import type { Pipe } from "../headless/pipe.ts";
import type { Doors, StopSignal } from "../process/doors.ts";

/** The exit code, once a signal has come and everything has stopped. `stop` is called with each signal: at first it lets what goes on end. */
export async function untilStopped(
  listening: { readonly stop: () => Promise<unknown> },
  stdout: Pipe,
  doors: Doors,
): Promise<number> {
  const stopped = Promise.withResolvers<number>();
  const names: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = names.map((name) =>
    doors.onSignal(name, () => {
      void listening.stop().then(() => stopped.resolve(name === "SIGINT" ? exitCodes.done : exitCodes[name]));
    }),
  );
  try {
    void stdout.closed.then(() => listening.stop()).then(() => stopped.resolve(exitCodes.done));
    return await stopped.promise;
  } finally {
    for (const off of listeners) off();
  }
}

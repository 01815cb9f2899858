import { exitCodes } from "../headless/exit-codes.ts";
import type { Pipe } from "../headless/pipe.ts";
import type { Doors, StopSignal } from "../process/doors.ts";

/** Something that goes on until it is told to stop. */
export interface Stoppable {
  /** Lets what goes on end; called a second time it waits no longer. */
  readonly stop: () => Promise<unknown>;
}

/** The exit code, once a signal has come and everything has stopped. */
export async function untilStopped(listening: Stoppable, stdout: Pipe, doors: Doors): Promise<number> {
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

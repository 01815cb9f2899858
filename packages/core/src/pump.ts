/** The pump: the loop under every run. It has one await, and everything it calls is a neighbour. */
import type { Ended } from "./activation.ts";
import type { RunHost } from "./host/run-host.ts";
import { begin, type RunState, type Sink, take } from "./transition.ts";

/**
 * Drives a run to its end; one that was `resumed` has begun. How the run ended is what it gives; it
 * rejects only when the host cannot go on, as when a disk is full.
 */
export async function pump(run: RunState, host: RunHost, sink: Sink, resumed = false): Promise<Ended> {
  if (!resumed) begin(run, sink);
  while (run.ended === undefined) {
    const arrival = host.next();
    take(run, arrival instanceof Promise ? await arrival : arrival, sink);
  }
  const closed = host.close();
  if (closed instanceof Promise) await closed;
  return run.ended;
}

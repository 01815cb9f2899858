/** The pump: the loop under every run. It has one await, and everything it calls is a neighbour. */
import type { Ended } from "./activation.ts";
import type { RunHost } from "./host/run-host.ts";
import { begin, type RunState, type Sink, take } from "./transition.ts";

/** Drives a run to its end. It never rejects: how the run ended is what it gives. */
export async function pump(run: RunState, host: RunHost, sink: Sink): Promise<Ended> {
  begin(run, sink);
  while (run.ended === undefined) {
    const arrival = host.next();
    take(run, arrival instanceof Promise ? await arrival : arrival, sink);
  }
  host.close();
  return run.ended;
}

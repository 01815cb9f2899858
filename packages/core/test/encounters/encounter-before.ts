/** What was before an encounter: a process that began the run, and left it. */
import type { Run } from "@orch/core";
import { DurableHost } from "@orch/core/host";
import { type ManualClock, manualClock } from "@orch/testing";
import { encounterFlow } from "./encounter-flows.ts";
import type { Ground } from "./encounter-ground.ts";
import type { Encounter } from "./encounter-words.ts";
import { hostOptions } from "./encounter-world.ts";
import type { EncounterFlow } from "./waiting-parts.ts";

/** What a process left. */
export interface Before {
  readonly clock: ManualClock;
  readonly at: EncounterFlow;
  /** The run that it began. */
  readonly run: Run<unknown> | undefined;
  /** Ends the process, if it has not ended. */
  readonly end: () => Promise<void>;
}

/** Begins the run and leaves it, unless a host of the encounter begins it. */
export async function before(encounter: Encounter, ground: Ground): Promise<Before> {
  const { place, flow } = encounter;
  const clock = manualClock();
  const at = encounterFlow(flow, clock);
  if (place === "here" || place === "there") return { clock, at, run: undefined, end: async () => {} };
  const host = new DurableHost(ground.open(clock), { ...hostOptions(encounter), clock });
  const run = at.flow.start(undefined, { host, runId: "r", grace: 5, onUnheard: false });
  await clock.advance(0);
  if (place === "ended") await run.cancel("before");
  else if (place === "parked") await run.suspend();
  else ground.kill();
  if (place !== "crashed") await host.close();
  return { clock, at, run, end: () => host.close() };
}

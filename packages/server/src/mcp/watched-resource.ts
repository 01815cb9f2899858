/** Watches one resource for one reader. */
import { isOrchError } from "@orch/core";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import { callerOf } from "./caller-of.ts";
import type { McpSettings } from "./mcp-settings.ts";
import { FLOWS, idIn, RUNS } from "./resource-uris.ts";

/** Live events that change nothing of where a run is. */
const LIVE: readonly PublicEvent["type"][] = [
  "text.delta",
  "text.cut",
  "tool.started",
  "tool.progress",
  "tool.completed",
  "data",
  "parked",
];

/**
 * Calls `changed` whenever the resource may have changed, until `signal` aborts. Gives false for a resource that is not there.
 * What fails while it is watched ends the watching: the next read says why.
 */
export async function watchResource(
  call: DoorCall,
  { resources }: Pick<McpSettings, "resources">,
  uri: string,
  changed: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const [flow, run] = [idIn(uri, FLOWS), idIn(uri, RUNS)];
  if (flow !== undefined) return call.runs.orchestrations.some(({ name }) => name === flow);
  if (run !== undefined) return watchRun(call, run, changed, signal);
  const found = resources.at(uri);
  if (found === undefined) return false;
  const stop = found.resource.watch?.(changed, found.variables, { ...callerOf(call), signal });
  if (stop !== undefined) signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop?.();
  return true;
}

/** Calls `changed` with each event of a run that changes its picture, from now on. */
export async function watchRun(
  { runs }: Pick<DoorCall, "runs">,
  run: string,
  changed: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const picture = await pictureOf(runs, run);
  if (picture === undefined) return false;
  if (isOver(picture)) return true;
  const events = await runs.follow(run, { signal });
  void tell(events, picture.updatedAt, changed).catch(() => {});
  return true;
}

/** Both times are of the process that drives the run, so its clock may be wrong. */
async function tell(
  events: AsyncGenerator<PublicEvent, void, undefined>,
  since: number,
  changed: () => void,
): Promise<void> {
  for await (const { type, time } of events) if (!LIVE.includes(type) && time >= since) changed();
}

async function pictureOf(runs: DoorCall["runs"], run: string): Promise<PublicRunPicture | undefined> {
  try {
    return await runs.describe(run);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return undefined;
    throw error;
  }
}

function isOver({ status }: PublicRunPicture): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

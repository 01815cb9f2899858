/** The run of a turn that was left in the middle: where it stopped, and what the code of now means for it. */
import type { OrchestrationConfiguration } from "@orch/chat-runtime";
import type { OrchestrationEvent } from "@orch/core";
import { type ChangedStates, changedStates } from "./changed-states.ts";
import type { KeptHost } from "./kept-host.ts";

/** A run that was left. */
export interface LeftRun {
  /** What happened in it; nothing where its host knows none of it, or cannot read it. */
  readonly events: readonly OrchestrationEvent[];
  /** Set where its orchestration has another structure now. */
  readonly changed?: ChangedStates & {
    /** The path at which the run fits nothing any more, so that it cannot go on; absent where it can. */
    readonly misfit?: string;
    /** Where the run stands that cannot go on. */
    readonly at?: string;
  };
}

/** Reads a run, and holds it against the orchestration of now. */
export async function leftRun(
  host: KeptHost,
  runId: string,
  orchestration: OrchestrationConfiguration["orchestration"],
): Promise<LeftRun> {
  const change = await host
    .run(runId, orchestration)
    .change()
    .catch(() => undefined);
  const { misfit, before } = change ?? {};
  const events = misfit === undefined ? await host.events(orchestration, runId).catch(() => []) : [];
  if (change === undefined || (change.same && misfit === undefined)) return { events };
  const states = changedStates(before ?? orchestration.graph, orchestration.graph);
  if (misfit === undefined) return { events, changed: states };
  const described = await host
    .run(runId)
    .describe()
    .catch(() => undefined);
  const at = described?.open.at(-1)?.path;
  return { events, changed: { ...states, misfit: misfit.path, ...(at !== undefined && { at }) } };
}

/** A state of a run that is being read: its step, which grows until the state has ended. */
import type { EventOf } from "@orch/core";
import { laneOf } from "../rail/rail-lane.ts";
import type { RunRecord, RunStep, StateStep } from "./run-record.ts";

type Writable<TStep> = { -readonly [TKey in keyof TStep]: TStep[TKey] };

/** A state that is being read. */
export type OpenStep = Omit<Writable<StateStep>, "inside" | "attempts" | "models"> & {
  readonly inside: RunStep[];
  readonly attempts: StateStep["attempts"][number][];
  readonly models: string[];
};

/** The facts of a run that is being read. */
export type OpenRun = Writable<Omit<RunRecord, "steps" | "waiting">>;

/** The step of a state that begins. */
export function openStep(
  { path, state, kind, visit, input, time }: EventOf<"state.started">,
  parent: OpenStep | undefined,
): OpenStep {
  const lane = parent === undefined ? undefined : laneOf(path, parent);
  const follows = lane !== undefined && parent!.inside.some((step) => isBranch(step, lane));
  return {
    ...{ type: "state", key: path, time, path, state, kind, visit, input, status: "running" },
    ...(lane !== undefined && { lane }),
    ...(follows && { follows }),
    ...{ attempts: [], tokens: 0, cost: 0, models: [], text: "", inside: [] },
  };
}

/** Whether a step is the branch of a lane; what follows in the lane takes its result. */
function isBranch(step: RunStep, lane: string): boolean {
  return step.type === "state" && step.lane === lane;
}

/** Runs of an Orch server in React. */

export type { StartTimer } from "./platform/clock.ts";
export { RunStore, type RunStoreOptions } from "./run/run-store.ts";
export type { RunQuestion, RunState, RunView } from "./run/run-view.ts";
export { type FollowedRun, useRun } from "./run/use-run.ts";
export { ServerCallError, type ServerPlace, type ServerProblem } from "./wire/server-place.ts";
export type { RunError, RunMove } from "./wire/wire-event.ts";

/** The small door: the same state machines for programs that count bytes, run in memory and heard by nobody. */

export type { Define, Draft, DraftEnd, OpenDraft } from "./define/builder.ts";
export { OrchestrationRunnable } from "./define/orchestration-runnable.ts";
export {
  SmallOrchestration as Orchestration,
  type SmallOrchestrationOptions as OrchestrationOptions,
  smallOrchestration as orchestration,
} from "./define/small-orchestration.ts";
export { FatalError, type FatalErrorOptions } from "./errors/fatal-error.ts";
export { isOrchError, OrchError } from "./errors/orch-error.ts";
export { dossier } from "./kernel/dossier.ts";
export { sharedState } from "./kernel/shared-state.ts";
export type { SmallRunOptions as RunOptions } from "./run/small-run.ts";
export { OrchestrationAdvancer } from "./words/advancer.ts";
export { type Channel, channel, speech } from "./words/channel.ts";
export type { RunContext } from "./words/context.ts";
export { type Runnable, runnable } from "./words/runnable.ts";

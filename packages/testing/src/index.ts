export { type ManualClock, manualClock } from "./clock/manual-clock.ts";
export { type CoveredEdge, type EdgeCoverage, edgeCoverage } from "./coverage/edge-coverage.ts";
export type { TestingErrorFacts } from "./errors/error-facts.ts";
export type { SweepFacts } from "./errors/sweep-error.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  type ScriptStep,
  scriptedModel,
} from "./model/scripted-model.ts";
export { toolOutputs } from "./model/tool-outputs.ts";
export { seededRandom } from "./sweep/seeded-random.ts";
export { type Faults, type SweepOptions, type SweepReport, sweep } from "./sweep/sweep.ts";

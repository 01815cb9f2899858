export { type CoveredEdge, type EdgeCoverage, edgeCoverage } from "./edge-coverage.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  type ScriptStep,
  scriptedModel,
} from "./scripted-model.ts";
export { seededRandom } from "./seeded-random.ts";
export { type Faults, type SweepOptions, type SweepReport, sweep } from "./sweep.ts";
export { toolOutputs } from "./tool-outputs.ts";

export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  type ScriptStep,
  scriptedModel,
} from "./scripted-model.ts";
export { toolOutputs } from "./tool-outputs.ts";

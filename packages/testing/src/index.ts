export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  type Script,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  type ScriptStep,
  scriptedModel,
  toolOutputs,
} from "./scripted-model.ts";

/** The suite that every model passes, whoever its provider is. */
export {
  type ModelConformanceOptions,
  type ModelConformanceTally,
  type ModelUnderTest,
  modelConformance,
} from "./model-conformance.ts";
export type { ModelScene, SceneAnswer, SceneCall, SceneError } from "./model-scene.ts";

/** The suite that every model passes, whoever its provider is. */

export type { ModelScene, SceneAnswer, SceneCall, SceneError } from "./model/cases/model-scene.ts";
export {
  type ModelConformanceOptions,
  type ModelConformanceTally,
  type ModelUnderTest,
  modelConformance,
} from "./model/model-conformance.ts";

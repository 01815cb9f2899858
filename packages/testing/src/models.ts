/** The suite that every model passes, of any provider. */

export type { ModelScene, SceneAnswer, SceneCall, SceneError } from "./model/cases/model-scene.ts";
export {
  type ModelConformanceOptions,
  type ModelConformanceTally,
  type ModelUnderTest,
  modelConformance,
} from "./model/model-conformance.ts";

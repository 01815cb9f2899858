/** Suites that every implementation of a contract passes. They are vitest suites: call one in a test file. */
export {
  type ModelConformanceOptions,
  type ModelConformanceTally,
  type ModelUnderTest,
  modelConformance,
} from "./model-conformance.ts";
export type { ModelScene, SceneAnswer, SceneCall, SceneError } from "./model-scene.ts";
export { type SessionStoreUnderTest, sessionStoreConformance } from "./session-store-conformance.ts";

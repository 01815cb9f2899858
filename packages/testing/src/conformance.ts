/** Suites that every implementation of a contract passes. They are vitest suites: call one in a test file. */
export { type SessionStoreUnderTest, sessionStoreConformance } from "./session-store-conformance.ts";
export {
  type StoreConformanceOptions,
  type StoreUnderTest,
  storeConformance,
} from "./store-conformance.ts";

/** Suites that every implementation of a contract passes. They are vitest suites: call one in a test file. */
export { type FaultyStore, faultyStore, type StoreFaults } from "./faulty-store.ts";
export { type HostConformanceOptions, type HostPlace, hostConformance } from "./host-conformance.ts";
export { type SessionStoreUnderTest, sessionStoreConformance } from "./session-store-conformance.ts";
export {
  type StoreConformanceOptions,
  type StoreUnderTest,
  storeConformance,
} from "./store-conformance.ts";

/** Suites that every implementation of a contract passes. They are vitest suites: call one in a test file. */

export {
  type DurableHostConformanceOptions,
  durableHostConformance,
  type HostPlace,
} from "./host/durable-host-conformance.ts";
export { type HostConformanceOptions, hostConformance } from "./host/host-conformance.ts";
export type { HostCrash, HostProcess, HostUnderTest } from "./host/host-under-test.ts";
export type { SessionStoreUnderTest } from "./session/opened-stores.ts";
export { sessionStoreConformance } from "./session/session-store-conformance.ts";
export { type FaultyStore, faultyStore, type StoreFaults } from "./store/faulty-store.ts";
export {
  type StoreConformanceOptions,
  type StoreUnderTest,
  storeConformance,
} from "./store/store-conformance.ts";

/** Suites that every implementation of a contract passes. They are vitest suites: call one in a test file. */

export {
  type DurableHostConformanceOptions,
  durableHostConformance,
  type HostPlace,
} from "./host/durable-host-conformance.ts";
export { type HostConformanceOptions, hostConformance } from "./host/host-conformance.ts";
export type { HostCrash, HostProcess, HostUnderTest } from "./host/host-under-test.ts";
export { sessionStoreConformance } from "./session/session-store-conformance.ts";
export type { SessionStoreUnderTest } from "./session/session-store-under-test.ts";
export { type FaultyStore, faultyStore, type StoreFaults } from "./store/faulty-store.ts";
export { type StoreConformanceOptions, storeConformance } from "./store/store-conformance.ts";
export type { StoreUnderTest } from "./store/store-under-test.ts";

export { type ManualClock, manualClock } from "./manual-clock.ts";
export { type SessionStoreUnderTest, sessionStoreConformance } from "./session-store-conformance.ts";

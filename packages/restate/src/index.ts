/** Runs on many machines: the host for Restate, an engine that stores, times and retries work. */
export type { FetchDoor } from "./client/fetch-door.ts";
export { RestateHost, type RestateHostOptions, restateHost } from "./client/restate-host.ts";
export type { RestateRunQuery } from "./client/run-list.ts";
export type { RestateErrorFacts } from "./errors/error-facts.ts";
export type { PlatformFacts } from "./errors/restate-platform-error.ts";
export type { KeptEnd, RunCard } from "./words/run-card.ts";

/** Traces of runs and agents, through the OpenTelemetry API that the user gives. */
export { CONVENTIONS_VERSION } from "./otel/conventions.ts";
export type { OtelApi } from "./otel/span-kit.ts";
export { type EventTracing, type TraceOptions, traceEvents } from "./otel/trace-events.ts";

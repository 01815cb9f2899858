/** Traces of runs and agents, through the OpenTelemetry API that the user gives. */
export { CONVENTIONS_VERSION } from "./observe/otel/conventions.ts";
export type { OtelApi } from "./observe/otel/span-kit.ts";
export { type EventTracing, type TraceOptions, traceEvents } from "./observe/otel/trace-events.ts";

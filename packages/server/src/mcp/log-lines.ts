/**
 * What happens in a run, as lines of a log: a client that asked for them is told them beside its call.
 *
 * Source: https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
import type { PublicEvent } from "../words/public-event.ts";

/** How much a line matters, the least first. */
export const LOG_LEVELS = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;

/** How much a line matters. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The key under which a request of 2026 says from which level on it wants lines. */
export const LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel";

export function logLevel(value: unknown): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === value);
}

/** The line of an event, as a message; `undefined` for one below `from`, and for text, which is the answer and no log. */
export function logFrame(event: PublicEvent, logger: string, from: LogLevel): object | undefined {
  const level = levelOf(event);
  if (level === undefined || LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(from)) return undefined;
  const { id: _id, number: _number, ...data } = event;
  return { jsonrpc: "2.0", method: "notifications/message", params: { level, logger, data } };
}

function levelOf(event: PublicEvent): LogLevel | undefined {
  switch (event.type) {
    case "run.started":
    case "state.started":
    case "state.completed":
    case "question.asked":
    case "question.answered":
    case "signal.received":
    case "run.completed":
    case "run.cancelled":
    case "run.retried":
    case "data":
      return "info";
    case "state.failed":
      return event.cancelled ? "info" : "error";
    case "run.failed":
      return "error";
    case "state.retrying":
      return "warning";
    case "tool.completed":
      return event.failed ? "warning" : "debug";
    case "tool.started":
    case "tool.progress":
    case "state.moved":
    case "state.skipped":
    case "run.waiting":
    case "usage":
      return "debug";
    default:
      return undefined;
  }
}

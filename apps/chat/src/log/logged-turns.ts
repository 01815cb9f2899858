/** Turns and their runs, written down without what was said in them. */
import type { RuntimeMiddleware } from "@orch/chat-runtime";
import type { OrchestrationEvent } from "@orch/core";
import { failureFacts, type Log } from "./log.ts";

/** Middleware that writes a line for each turn, each step that failed, and at `debug` for each event. */
export function loggedTurns(
  log: Log,
  now: () => number,
  labels: { readonly [label: string]: string },
): RuntimeMiddleware {
  return async (turn, context, next) => {
    const began = now();
    log.write("info", "turn.started", labels);
    try {
      const reply = await next(turn, {
        ...context,
        emit: (event) => {
          logEvent(log, event);
          context.emit(event);
        },
      });
      log.write("info", "turn.ended", { ms: now() - began });
      return reply;
    } catch (error) {
      log.write("warn", "turn.failed", { ms: now() - began, ...failureFacts(error) });
      throw error;
    }
  };
}

const TOLD: ReadonlySet<string> = new Set([
  "run.started",
  "run.completed",
  "run.failed",
  "run.cancelled",
  "run.waiting",
  "run.resumed",
]);

function logEvent(log: Log, event: OrchestrationEvent): void {
  const { type, runId } = event;
  if (type === "state.output") return;
  const about = { run: runId, ...("path" in event && { path: event.path }) };
  if (type === "state.failed" || type === "state.retrying" || type === "run.failed")
    log.write("warn", type, { ...about, ...("error" in event && { error: shown(event.error) }) });
  else log.write(TOLD.has(type) ? "info" : "debug", type, about);
}

function shown(error: unknown): unknown {
  return typeof error === "object" && error !== null && "message" in error ? error.message : error;
}

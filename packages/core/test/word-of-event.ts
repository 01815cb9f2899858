import type { OrchestrationEvent } from "@orch/core";

/** What an event tells, in the words of the interpreter; `undefined` where that tells nothing. */
export function wordOf(event: OrchestrationEvent): string | undefined {
  switch (event.type) {
    case "state.started":
      return `started ${event.kind}`;
    case "state.completed":
      return "completed";
    case "state.failed":
      return event.cancelled ? undefined : "failed";
    case "state.transition":
      return `moved by ${event.cause}`;
    case "state.skipped":
      return "skipped";
    case "question.asked":
      return "asked";
    case "question.answered":
      return "answered";
    case "state.waiting":
      return "awaited";
    case "signal.received":
      return "signalled";
    default:
      return undefined;
  }
}

import { UnknownEventError } from "../errors/unknown-event-error.ts";
import { nearestNames } from "../platform/nearest-names.ts";
import type { OrchestrationEvent } from "../words/events.ts";

const NAMES: { readonly [TType in OrchestrationEvent["type"]]: true } = {
  "run.started": true,
  "run.completed": true,
  "run.failed": true,
  "run.cancelled": true,
  "run.retried": true,
  "run.refused": true,
  "run.suspended": true,
  "run.paused": true,
  "run.continued": true,
  "run.waiting": true,
  "state.started": true,
  "state.completed": true,
  "state.failed": true,
  "state.retrying": true,
  "state.skipped": true,
  "state.transition": true,
  "state.output": true,
  "state.usage": true,
  "state.waiting": true,
  "signal.received": true,
  "question.asked": true,
  "question.answered": true,
  "events.missed": true,
};

/**
 * Refuses the name of an event that does not exist, which plain JavaScript lets through. `others` are the names of events
 * that a package adds to those of a run.
 *
 * @throws UnknownEventError (`ORCH_UNKNOWN_EVENT`) with the nearest name.
 */
export function checkEventName(name: unknown, others: readonly string[] = []): void {
  const event = String(name);
  if (event === "*" || Object.hasOwn(NAMES, event) || others.includes(event)) return;
  // "StateStarted" and "OrchestrationCompleted" are names of the same events elsewhere.
  const dotted = event
    .replaceAll(/(?<=[a-z])(?=[A-Z])|[\s_:-]+/g, ".")
    .toLowerCase()
    .replace(/^orchestration\b/, "run");
  throw new UnknownEventError({
    event,
    nearest: nearestNames(dotted, [...Object.keys(NAMES), ...others], 1)[0]!,
  });
}

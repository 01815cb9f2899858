/** The listeners to the events of one run. */
import type { OrchestrationEvent } from "../words/events.ts";
import type { EventListener, RunOptions } from "./run.ts";

/** Gives each event to all of them. One that throws harms neither the run nor the others. */
export function tell(listeners: readonly EventListener[], options: RunOptions): EventListener {
  const { onEvent } = options;
  const all = onEvent === undefined ? listeners : [...listeners, onEvent];
  return (event) => {
    for (const listener of all) {
      try {
        const heard: unknown = listener(event);
        if (heard instanceof Promise) heard.catch((error: unknown) => complain(error, event, options));
      } catch (error) {
        complain(error, event, options);
      }
    }
  };
}

function complain(error: unknown, event: OrchestrationEvent, options: RunOptions): void {
  try {
    options.onListenerError?.(error, event);
  } catch {
    // No listener is left to tell, and a run does not fail because of its listeners.
  }
}

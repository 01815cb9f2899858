import type { OrchestrationEvent, Run } from "@orch/core";

/** The id of the question of the kill suites. */
export const QUESTION = "research/approve#1";

/** A plan, ten searches, a count and a report. */
export const STEPS = 13;

/** Waits until so many searches have completed, as the server keeps it; gives the paths of all that has completed. */
export async function searched(run: Run<string>, count: number): Promise<readonly string[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) {
    events.push(event);
    if (completed(events, "search").length >= count) break;
  }
  return completed(events);
}

/** Waits until the run waits for its answer. */
export async function asked(run: Run<string>): Promise<void> {
  for await (const event of run.events()) if (event.type === "run.waiting") return;
}

/** The paths of what has completed, of the states of this id or of all. */
export function completed(events: readonly OrchestrationEvent[], state?: string): readonly string[] {
  return events.flatMap((event) =>
    event.type === "state.completed" && (state === undefined || event.state === state) ? [event.path] : [],
  );
}

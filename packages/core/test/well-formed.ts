import type { OrchestrationEvent } from "@orch/core";

/** What is wrong with a stream of events; nothing, if all is well. */
export function wellFormed(events: readonly OrchestrationEvent[]): string[] {
  const wrong: string[] = [];
  const open = new Set<string>();
  events.forEach((event, index) => {
    if (event.seq !== index + 1) wrong.push(`event ${index + 1} has number ${event.seq}`);
    if (event.type === "state.started") {
      if (open.has(event.path)) wrong.push(`${event.path} started twice`);
      open.add(event.path);
    }
    if ((event.type === "state.completed" || event.type === "state.failed") && !open.delete(event.path)) {
      wrong.push(`${event.path} ended without a start`);
    }
  });
  for (const path of open) wrong.push(`${path} never ended`);
  const ends = events.filter((event) => /^run\.(completed|failed|cancelled)$/.test(event.type));
  if (events[0]?.type !== "run.started") wrong.push("no start");
  if (ends.length !== 1 || events.at(-1) !== ends[0]) wrong.push("not exactly one end, last");
  return wrong;
}

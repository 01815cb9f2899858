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
  if (events[0]?.type !== "run.started") wrong.push("no start");
  // A retry begins another life, which has an end of its own.
  const lives = [0, ...events.flatMap(({ type }, index) => (type === "run.retried" ? [index] : []))];
  lives.forEach((from, life) => {
    const told = events.slice(from, lives[life + 1]);
    const ends = told.filter(({ type }) => /^run\.(completed|failed|cancelled)$/.test(type));
    if (ends.length !== 1 || told.at(-1) !== ends[0]) wrong.push("not exactly one end, last");
  });
  return wrong;
}

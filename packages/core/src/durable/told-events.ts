/** The kept events of a run, told once more from its journal. */
import { Recorder } from "../kernel/recorder.ts";
import type { Clock } from "../platform/clock.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { Codec } from "./codec.ts";
import type { Counted } from "./effective.ts";
import { fold } from "./fold.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** The events as they were told: of what counted before each retry, oldest first, and of what counts now. */
export function toldEvents(
  orchestration: AnyOrchestration,
  runId: string,
  codec: Codec,
  lives: readonly Counted[],
): OrchestrationEvent[] {
  const events: OrchestrationEvent[] = [];
  for (const one of lives) {
    const last = events.at(-1)?.seq ?? 0;
    for (const event of told(orchestration, runId, codec, one)) if (event.seq > last) events.push(event);
  }
  return events;
}

/** The events of the records that count. */
function told(
  orchestration: AnyOrchestration,
  runId: string,
  codec: Codec,
  counted: Counted,
): OrchestrationEvent[] {
  const events: OrchestrationEvent[] = [];
  let fresh: OrchestrationEvent[] = [];
  let now = 0;
  const clock: Clock = { now: () => now, after: () => () => {} };
  const recorder = new Recorder(runId, clock, (event) => fresh.push(event));
  fold(orchestration, counted, {
    runId,
    codec,
    grace: DEFAULT_GRACE,
    recorder,
    at: (time) => {
      now = time;
    },
    after: (heard) => {
      // Live events came before those of the record, and had numbers once.
      const live = Math.max(0, heard - recorder.seq);
      for (const event of fresh) events.push(live === 0 ? event : { ...event, seq: event.seq + live });
      fresh = [];
    },
  });
  return events;
}

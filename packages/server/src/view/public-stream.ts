/** The public events of a run or a turn from where a reader left off. */
import type { ChatEvent } from "@orch/chat-runtime";
import type { PublicEvent } from "../words/public-event.ts";
import { BEGINNING, type EventPlace } from "./event-id.ts";
import { PublicView, type PublicViewOptions } from "./public-view.ts";

/** An event of a run or a turn with its place. */
export interface PlacedEvent {
  readonly event: ChatEvent;
  readonly place: EventPlace;
}

/**
 * Reads all events from the first one on, and gives those after `after`. A reader that comes from an earlier life is told
 * first that what open states had said to it was cut.
 */
export async function* publicStream(
  events: AsyncIterable<PlacedEvent> | Iterable<PlacedEvent>,
  options: PublicViewOptions,
  after: EventPlace = BEGINNING,
): AsyncGenerator<PublicEvent, void, undefined> {
  const view = new PublicView(options);
  const isNew = after.number === 0 && after.part === 0 && after.life === undefined;
  const isSame = after.life === options.life;
  let begun = isNew;
  for await (const { event, place } of events) {
    if (!begun && isAfter(place, after, isSame)) {
      begun = true;
      if (!isSame) yield* view.cuts({ number: after.number, part: 0 }, event.time);
    }
    const made = view.take(event, place);
    if (begun) yield* made;
  }
}

/** Whether a reader that saw `after` has not seen what is at `place`. Parts of another life say nothing here. */
function isAfter(place: EventPlace, after: EventPlace, isSame: boolean): boolean {
  if (place.number !== after.number) return place.number > after.number;
  return place.part > (isSame ? after.part : 0);
}

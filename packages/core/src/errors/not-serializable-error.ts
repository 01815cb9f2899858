import { OrchError } from "./orch-error.ts";

/** The place in a value, and the kind of value found there. */
export interface NotSerializableFacts {
  /** What the value is, like `the output of "plan"`. */
  readonly value: string;
  /** The place inside it, like `queries[2].when`; empty for the value itself. */
  readonly place: string;
  /** The kind of value found there, like `a Date`. */
  readonly found: string;
}

/** A value cannot be kept, because it would not come back from JSON as it was. */
export class NotSerializableError extends OrchError<"ORCH_NOT_SERIALIZABLE", NotSerializableFacts> {
  readonly retryable = false;

  constructor(facts: NotSerializableFacts) {
    const at = facts.place === "" ? "" : ` at ${brief(facts.place)}`;
    super("ORCH_NOT_SERIALIZABLE", facts, {
      says: `A run on a durable host keeps plain JSON only, and ${facts.value} holds ${facts.found}${at}.`,
      fix: "Turn it into plain data (a Date into an ISO text, a Map into entries, NaN into null), or give the host a codec that knows it.",
    });
  }
}

/** A circle is found only at the end of a very long place, whose beginning says enough. */
function brief(place: string): string {
  return place.length > 100 ? `${place.slice(0, 60)}... and further in` : place;
}

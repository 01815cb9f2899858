import { OrchError } from "./orch-error.ts";

/** Which event, and which was probably meant. */
export interface UnknownEventFacts {
  readonly event: string;
  readonly nearest: string;
}

/** Something is to hear of an event that does not exist. */
export class UnknownEventError extends OrchError<"ORCH_UNKNOWN_EVENT", UnknownEventFacts> {
  constructor(facts: UnknownEventFacts) {
    super("ORCH_UNKNOWN_EVENT", facts, {
      says: `There is no event "${facts.event}".`,
      fix: `Listen to "${facts.nearest}", or to "*" for events of every type.`,
    });
  }
}

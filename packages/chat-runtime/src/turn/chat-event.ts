/**
 * What happens in a turn, as one stream: the orchestration's own events between `turn.started` and
 * exactly one of `turn.completed`, `turn.failed`, `turn.cancelled`, `turn.suspended`. Text of a state that may speak is
 * `message.delta` in place of `state.output`, so the parts (`part`) of the run's live events have gaps there.
 */
import type { AssistantMessage, Usage, UserMessage } from "@orch/agents";
import type { EventError, OrchestrationEvent } from "@orch/core";

/** What every event of a turn says. */
export interface TurnEventBase {
  readonly turnId: string;
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export type TurnEvent = TurnEventBase &
  (
    | { readonly type: "turn.started"; readonly configuration: string; readonly message: UserMessage }
    /** Text for the transcript, from a state that may speak. */
    | { readonly type: "message.delta"; readonly text: string; readonly path: string }
    /** `duration` is in milliseconds. */
    | {
        readonly type: "turn.completed";
        readonly message: AssistantMessage;
        readonly value?: unknown;
        readonly usage?: Usage;
        /** In US dollars; absent when the cost of a call is unknown. */
        readonly cost?: number;
        /** In US dollars, the part that is known, where `cost` is absent. The same for the events below. */
        readonly knownCost?: number;
        readonly duration: number;
      }
    | {
        readonly type: "turn.failed";
        readonly error: EventError;
        readonly usage?: Usage;
        readonly cost?: number;
        readonly knownCost?: number;
        readonly duration: number;
      }
    | {
        readonly type: "turn.cancelled";
        readonly reason: string;
        readonly usage?: Usage;
        readonly cost?: number;
        readonly knownCost?: number;
        readonly duration: number;
      }
    /** The turn was left where it is; `retry()` goes on with it. */
    | {
        readonly type: "turn.suspended";
        readonly usage?: Usage;
        readonly cost?: number;
        readonly knownCost?: number;
        readonly duration: number;
      }
    /** A slow reader of the stream missed `count` events before the next one; it never misses the end. */
    | { readonly type: "turn.events.dropped"; readonly count: number }
  );

/** One event of a turn, discriminated by `type`. */
export type ChatEvent = TurnEvent | OrchestrationEvent;

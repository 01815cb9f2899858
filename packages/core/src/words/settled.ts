import type { EventError } from "./events.ts";

/**
 * How a branch ended, in a fan-out with `settled`. The error is plain data, so that it survives a
 * restart like any other value.
 */
export type Settled<TOutput> =
  | { readonly status: "completed"; readonly value: TOutput }
  | {
      readonly status: "failed";
      readonly error: EventError;
      /** It was not started, or was stopped before its end, because a person chose to end with what is there. */
      readonly open?: true;
    };

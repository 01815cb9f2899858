import type { EventError } from "./events.ts";

/** What has arrived of a fan-out. */
export interface FanOutProgress<TOutput> {
  /** What branches gave, in the order it came. */
  readonly values: readonly TOutput[];
  /** What branches failed with, in the order they failed. */
  readonly failures: readonly EventError[];
  /** How many branches have not ended, those that have not begun included. */
  readonly open: number;
}

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

import type { Decision } from "../kernel/decisions.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Codec } from "./codec.ts";
import type { FoldWatch } from "./fold-watch.ts";

/** What a fold needs besides the records. */
export interface FoldOptions {
  readonly runId: string;
  readonly codec: Codec;
  /** Hears every event again. */
  readonly recorder?: Recorder | undefined;
  /** Called after each record, with the number of the last event that a listener heard, where the record says it; 0 where it does not. */
  readonly after?: (heard: number) => void;
  readonly grace: number;
  /** Hears what is decided at the record of a retry that is still to be written. */
  readonly noted?: ((decision: Decision) => void) | undefined;
  /** The number of the record that is still to be written: conditions of waits are asked with it. */
  readonly deciding?: number | undefined;
  /** Moves the clock of the recorder. */
  readonly at?: (time: number) => void;
  /** Looks on, for a fork that is being made. */
  readonly watch?: FoldWatch;
  /** When a fork was made: its deadlines and the timeouts of its questions start then, or they would have passed already. */
  readonly since?: number | undefined;
}

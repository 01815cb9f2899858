import type { Codec } from "../durable/codec.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Completion } from "../kernel/transition.ts";
import type { OpenArrival } from "./open-arrival.ts";

/** The part of a run that its waits and attempts use. */
export interface MachineRun {
  readonly runId: string;
  readonly codec: Codec;
  readonly recorder: Recorder;
  /** The arrival that is being taken. */
  readonly arrival: OpenArrival;
  /** The time of the run, in milliseconds since the epoch. */
  readonly now: number;
  /** Gives the transition a completion, now. */
  readonly bring: (completion: Completion) => void;
  /** Gives the transition a completion when it has taken the present one. */
  readonly deliver: (completion: Completion) => void;
}

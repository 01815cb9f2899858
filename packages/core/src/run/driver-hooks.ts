import type { Activation } from "../kernel/activation.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import type { RunContext } from "../words/context.ts";

/** The default of `grace`, in milliseconds. */
export const DEFAULT_GRACE = 1_000;

/** The doors that a driver in this process uses. An omitted door is the system's own. */
export interface DriverDoors {
  readonly runId?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: a recorder is made when a listener hears the events. */
  readonly recorder?: Recorder | undefined;
  /** How long aborted work may take to settle, in milliseconds. Default 1,000. */
  readonly grace?: number | undefined;
}

/** What an outer driver does besides. */
export interface DriverHooks {
  /** Keeps a note of an operation, so that it is there after a restart. Gives the value as it was kept, or a promise of it. */
  readonly keep?: (operation: Activation, note: string, value: unknown) => unknown;
  /** Throws when an answer cannot be kept. */
  readonly admit?: (id: string, answer: unknown) => void;
  /** The run has taken the answer to a question. It says by `Questions.taken` when the answer counts. */
  readonly taking?: (id: string) => void;
  /** A question was asked. */
  readonly opened?: (id: string) => void;
  /** Called when the run goes on only after one of these questions is answered. */
  readonly waiting?: (questions: readonly string[]) => void;
  /** The caller has no handle of this run: a question is refused when the run waits for nothing else. */
  readonly unattended?: boolean;
  /** The context of the state that calls a composite by hand: questions and spending go through it. */
  readonly around?: Pick<RunContext, "ask" | "spend" | "left" | "reserve">;
}

/** The hooks of a driver that has no other around it. */
export const NO_HOOKS: DriverHooks = Object.freeze({});

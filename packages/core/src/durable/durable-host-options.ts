import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import type { Run, RunOptions } from "../run/run.ts";
import type { Codec } from "./codec.ts";
import type { Durability } from "./journal-writer.ts";

/** How a durable host works. */
export interface DurableHostOptions {
  /**
   * When a commit has to be on disk. `step`: before what follows from it begins. `group`: at the end of
   * the turn, together with those of other runs. `end`: when the run ends, waits or is suspended. Default `step`.
   */
  readonly durability?: Durability;
  /** How long a run stays this process's own without a sign of life, in milliseconds. Default 30,000. */
  readonly lease?: number;
  /**
   * After how many records a run that waits, is suspended or has nothing to write for a while gets another snapshot, which
   * makes it quick to take up. `Infinity`: never. Default 256.
   */
  readonly snapshotAfter?: number;
  /** Default: plain JSON, and anything else is refused by name. */
  readonly codec?: Codec;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** How a run is taken up again. */
export type ResumeOptions = Omit<RunOptions, "host" | "runId" | "ifExists" | "clock" | "random">;

/** Where a fork begins: after a state that ended, or before one that is to run again. One of the two. */
export interface ForkOptions extends ResumeOptions {
  /** The id of the new run. Default: a fresh id. */
  readonly runId?: string;
  /** The path of a state whose end is kept, and everything before it. */
  readonly after?: string;
  /** The path of a state that runs again, with all that is inside it. It may be open. */
  readonly before?: string;
  /**
   * With `after`: the state gives this output, and neither it nor what is inside it runs. The advancers after it decide
   * again. Checked by the schema of the state's output, or of the answer where it is a question.
   */
  readonly output?: unknown;
  /** With `before`: the state gets this input. Checked by the schema of the state's input. */
  readonly input?: unknown;
}

/** What `resumeAll` did. */
export interface Resumed {
  readonly runs: readonly Run<unknown>[];
  /** Runs that could not be taken up, and why; those that others drive are left out. */
  readonly problems: readonly { readonly runId: string; readonly error: unknown }[];
}

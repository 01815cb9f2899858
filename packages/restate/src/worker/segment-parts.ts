import type { Clock } from "@orch/core";
import type { Ended, Operation, RunMachine } from "@orch/core/host";
import type { ObjectContext } from "@restatedev/restate-sdk";
import type { KeptOrder } from "../words/run-order.ts";
import type { ServiceNames } from "../words/service-names.ts";
import type { SegmentOrder } from "./inbox.ts";
import type { KeptRun } from "./kept-run.ts";
import type { OnceNotes } from "./once-notes.ts";
import type { Sdk } from "./sdk.ts";

/** What a worker gives to its segments. */
export interface SegmentRules {
  /** After how many arrivals a run goes on in another segment. */
  readonly segmentLength: number;
  /** After how long a run that waits lets go of its worker, in milliseconds. */
  readonly restAfter: number;
  /** The largest value that is kept, in bytes. */
  readonly maxPayload: number;
  readonly clock: Clock;
  /** Keeps values of `ctx.once` at once; absent where they are kept with the outcome. */
  readonly notes: OnceNotes | undefined;
  /** Whether an attempt is performed by any worker, and not by the one that drives the run. */
  readonly isRemote: (operation: Operation) => boolean;
  /** For tests that end a process: called before and after an arrival is kept. */
  readonly watch?: ((moment: "before" | "after") => void) | undefined;
}

/** The parts of one segment. */
export interface SegmentParts extends SegmentRules {
  readonly ctx: ObjectContext;
  readonly sdk: Sdk;
  readonly names: ServiceNames;
  readonly order: KeptOrder;
  readonly given: SegmentOrder;
  readonly machine: RunMachine;
  readonly kept: KeptRun;
  /** Whether a process before this one may have begun attempts of this segment. */
  readonly isAgain: boolean;
  /** Called by each segment that finds the run at its end. */
  readonly ended: (end: Ended) => void;
}

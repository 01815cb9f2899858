/** Where the runs of conversations live, as far as the program uses it: a file on this machine, or workers elsewhere. */
import type { DurableHost } from "@orch/core/host";

/** A host of runs, to drive or to follow them. `DurableHost` is one. */
export type KeptHost = Pick<
  DurableHost,
  "open" | "capabilities" | "run" | "get" | "events" | "list" | "resume" | "retry" | "fork" | "close"
>;

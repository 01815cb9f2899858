import { OrchError } from "@orch/core";

/** What does not fit. */
export interface PlatformFacts {
  readonly problem: "node" | "missing" | "version";
  /** The version of Node. */
  readonly node: string;
  /** What a version of the SDK does not have. */
  readonly lacks?: readonly string[];
}

const TEXTS = {
  node: {
    says: (node: string) => `A worker of Restate needs Node 22 or newer; this is ${node}.`,
    fix: "Start the worker with a newer Node.",
  },
  missing: {
    says: () => "The package @restatedev/restate-sdk could not be loaded.",
    fix: "Install it beside @orch/restate: npm install @restatedev/restate-sdk@^1.17.2",
  },
  version: {
    says: () => "This version of @restatedev/restate-sdk does not have what a worker needs.",
    fix: "Install one that does: npm install @restatedev/restate-sdk@^1.17.2",
  },
} as const;

/** Node or the SDK of Restate does not fit. */
export class RestatePlatformError extends OrchError<"ORCH_RESTATE_PLATFORM", PlatformFacts> {
  constructor(facts: PlatformFacts, options?: ErrorOptions) {
    const { says, fix } = TEXTS[facts.problem];
    super("ORCH_RESTATE_PLATFORM", facts, { says: says(facts.node), fix }, options);
  }
}

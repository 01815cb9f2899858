import { OrchError } from "@orch/core";

/** Which fault showed the problem. */
export interface SweepFacts {
  readonly mode: "once" | "from-then-on";
  /** The passage that failed, counted over all doors from 1. */
  readonly passage: number;
  /** The door it went through; absent when the run met no fault. */
  readonly door?: string;
}

/** A run under a fault did not keep its promise. What was thrown is the `cause`. */
export class SweepError extends OrchError<"ORCH_SWEEP", SweepFacts> {
  constructor(facts: SweepFacts, cause: unknown) {
    const where =
      facts.door === undefined
        ? "without a fault"
        : `when passage ${facts.passage}, through "${facts.door}", fails`;
    const how = facts.door !== undefined && facts.mode === "from-then-on" ? " and all after it" : "";
    const says = cause instanceof Error ? cause.message : String(cause);
    super(
      "ORCH_SWEEP",
      facts,
      {
        says: `${where}${how}: ${says}`,
        fix: "Read the cause. Let the run end with an OrchError that says what to do, and leave things as `check` wants them.",
      },
      { cause },
    );
  }
}

import { OrchError } from "./orch-error.ts";

/** The advancer, the runnable that it returned, and the targets that it had declared. */
export interface UndeclaredTargetFacts {
  readonly orchestration: string;
  readonly from: string;
  readonly given: string;
  readonly declared: readonly string[];
}

/** An advancer class gave a next runnable that is not among its `targets`. */
export class UndeclaredTargetError extends OrchError<"ORCH_UNDECLARED_TARGET", UndeclaredTargetFacts> {
  constructor(facts: UndeclaredTargetFacts) {
    const { from, given, declared } = facts;
    const says = declared.includes(given)
      ? `another object of the id "${given}" than the one in its targets.`
      : `"${given}" as the next runnable, but declares only ${declared.join(", ")}.`;
    super("ORCH_UNDECLARED_TARGET", facts, {
      says: `The advancer from "${from}" gave ${says}`,
      fix: "Return one of the objects in its targets; to make a state on the way, put its class there, with a static readonly id.",
    });
  }
}

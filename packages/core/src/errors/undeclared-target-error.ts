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
    super("ORCH_UNDECLARED_TARGET", facts, {
      says: `The advancer from "${facts.from}" gave "${facts.given}" as the next runnable, but declares only ${facts.declared.join(", ")}.`,
      fix: "Return one of the objects in the advancer's targets, or add this one to them.",
    });
  }
}

import type { EvalMissFacts } from "./eval-miss-error.ts";
import type { SweepFacts } from "./sweep-error.ts";

/** The facts of the errors of testing, by their codes. */
export interface TestingErrorFacts {
  readonly ORCH_EVAL_CASE: { readonly name: string; readonly problem: string };
  readonly ORCH_EVAL_MISS: EvalMissFacts;
  readonly ORCH_EVAL_TOOL: { readonly tool: string; readonly message: string };
  readonly ORCH_FAULT: { readonly door: string; readonly passage: number };
  readonly ORCH_NEVER_IDLE: { readonly limit: number; readonly pending: number };
  readonly ORCH_SCRIPT_ENDED: { readonly model: string; readonly calls: number };
  readonly ORCH_SWEEP: SweepFacts;
}

declare module "@orch/core" {
  interface OrchErrorFacts extends TestingErrorFacts {}
}

import { OrchError } from "@orch/core";

/** A file that is no case, or a run that cannot become one. */
export class EvalCaseError extends OrchError<"ORCH_EVAL_CASE"> {
  constructor(facts: { readonly name: string; readonly problem: string }, cause?: unknown) {
    super(
      "ORCH_EVAL_CASE",
      facts,
      {
        says: `"${facts.name}" is no case: ${facts.problem}.`,
        fix: "Make the case again by recordCase or caseOfRun, and keep the file that writeCase wrote.",
      },
      ...(cause === undefined ? [] : [{ cause }]),
    );
  }
}

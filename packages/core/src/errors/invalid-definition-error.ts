import { OrchError } from "./orch-error.ts";

/** One thing that is wrong with a definition. */
export interface DefinitionProblem {
  /** The runnable it is about, where there is one. */
  readonly runnable?: string;
  /** What is wrong and what to do about it. */
  readonly says: string;
}

/** An orchestration cannot be built; all its problems are listed at once. */
export class InvalidDefinitionError extends OrchError<"ORCH_INVALID_DEFINITION"> {
  constructor(orchestration: string, problems: readonly DefinitionProblem[]) {
    const lines = problems.map((problem, index) => `\n    ${index + 1}. ${problem.says}`).join("");
    super(
      "ORCH_INVALID_DEFINITION",
      { orchestration, problems },
      {
        says: `The orchestration "${orchestration}" cannot be built (${problems.length} ${problems.length === 1 ? "problem" : "problems"}):${lines}`,
        fix: "Each line says what to change.",
      },
    );
  }
}

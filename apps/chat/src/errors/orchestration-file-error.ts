import { OrchError } from "@orch/core";
import { type CodeProblem, problemLine } from "./code-problem.ts";

/** Which orchestration could not be loaded, and why. */
export interface OrchestrationFileFacts {
  readonly orchestration: string;
  readonly file: string;
  readonly problems: readonly CodeProblem[];
}

/** The file of an orchestration could not be loaded. */
export class OrchestrationFileError extends OrchError<"ORCH_ORCHESTRATION_FILE", OrchestrationFileFacts> {
  constructor(facts: OrchestrationFileFacts, options: ErrorOptions & { readonly fix: string }) {
    const { orchestration, file, problems } = facts;
    const count = problems.length === 1 ? "" : ` (${problems.length} problems)`;
    const { fix, ...rest } = options;
    super(
      "ORCH_ORCHESTRATION_FILE",
      facts,
      {
        says: `The orchestration "${orchestration}" cannot be loaded from ${file}${count}:${problems.map((one) => `\n  ${problemLine(one)}`).join("")}`,
        fix,
      },
      rest,
    );
  }
}

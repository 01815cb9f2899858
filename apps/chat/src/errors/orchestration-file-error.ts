import { OrchError } from "@orch/core";

/** Which orchestration could not be loaded, and why. */
export interface OrchestrationFileFacts {
  readonly orchestration: string;
  readonly file: string;
  /** Each problem with its place, like `orc/mine.ts:3:12: "b" is never reached.` */
  readonly problems: readonly string[];
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
        says: `The orchestration "${orchestration}" cannot be loaded from ${file}${count}:${problems.map((line) => `\n  ${line}`).join("")}`,
        fix,
      },
      rest,
    );
  }
}

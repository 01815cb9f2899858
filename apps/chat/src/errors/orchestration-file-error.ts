import { OrchError } from "@orch/core";

/** Which orchestration could not be loaded, and why. */
export interface OrchestrationFileFacts {
  readonly orchestration: string;
  readonly file: string;
  readonly problem: string;
}

/** The file of an orchestration could not be loaded. */
export class OrchestrationFileError extends OrchError<"ORCH_ORCHESTRATION_FILE", OrchestrationFileFacts> {
  constructor(facts: OrchestrationFileFacts, options?: ErrorOptions) {
    super(
      "ORCH_ORCHESTRATION_FILE",
      facts,
      {
        says: `The orchestration "${facts.orchestration}" cannot be loaded from ${facts.file}: ${facts.problem}.`,
        fix: "Let the file export, as default, a function of { model, root } that gives an orchestration or a runtime configuration.",
      },
      options,
    );
  }
}

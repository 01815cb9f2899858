import { OrchError } from "@orch/core";

/** Which run was asked for, and which one may have been meant. */
export interface RunMissingFacts {
  readonly run: string;
  readonly nearest?: string;
  /** Those that it may stand for, when it stands for more than one. */
  readonly several?: readonly string[];
}

/** This folder has no run of that id. */
export class RunMissingError extends OrchError<"ORCH_RUN_MISSING", RunMissingFacts> {
  constructor(facts: RunMissingFacts) {
    const { run, nearest, several } = facts;
    const says =
      several === undefined
        ? `This folder has no run "${run}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`
        : `"${run}" stands for ${several.length} runs: ${several.join(", ")}.`;
    super("ORCH_RUN_MISSING", facts, { says, fix: "See orch runs --all for those it has." });
  }
}

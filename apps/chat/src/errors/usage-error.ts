import { OrchError } from "@orch/core";

/** The part of the command line that was not understood. */
export interface UsageFacts {
  readonly problem: string;
  /** The known word most like it, if any is. */
  readonly nearest?: string;
}

/** The command line says something that the program does not know. */
export class UsageError extends OrchError<"ORCH_USAGE", UsageFacts> {
  constructor(facts: UsageFacts) {
    const { problem, nearest } = facts;
    super("ORCH_USAGE", facts, {
      says: problem,
      fix: nearest === undefined ? "See orch --help." : `Did you mean ${nearest}? See orch --help.`,
    });
  }
}

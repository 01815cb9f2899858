import { OrchError } from "@orch/core";

/** The place at which a recording cannot be read. */
export interface RecordingFacts {
  /** The recording's path or name. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** A recording of model calls cannot be read. */
export class RecordingError extends OrchError<"ORCH_RECORDING", RecordingFacts> {
  constructor(facts: RecordingFacts, options?: ErrorOptions) {
    super(
      "ORCH_RECORDING",
      facts,
      {
        says: `Line ${facts.line} of the recording ${facts.name} cannot be read: ${facts.problem}.`,
        fix: "Delete the recording and record it again.",
      },
      options,
    );
  }
}

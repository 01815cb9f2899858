import { OrchError } from "@orch/core";

/** What could not be kept: in which file, why, and what holds instead. */
export interface FileUnwrittenFacts {
  readonly file: string;
  /** The code of the system, like `ENOSPC`. */
  readonly reason: string;
  /** A clause, like `the choice holds until the chat ends`. */
  readonly holds: string;
}

/** A choice of the user, or a file that they want, could not be written. */
export class FileUnwrittenError extends OrchError<"ORCH_FILE_UNWRITTEN", FileUnwrittenFacts> {
  constructor(facts: FileUnwrittenFacts, options?: ErrorOptions) {
    const { file, reason, holds } = facts;
    super(
      "ORCH_FILE_UNWRITTEN",
      facts,
      {
        says: `${file} cannot be written (${reason}), so ${holds}.`,
        fix: "Make room on the disk, or let the file be written, and try again.",
      },
      options,
    );
  }
}

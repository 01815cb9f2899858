import { OrchError } from "@orch/core";
import type { ModelFailure } from "../words/model.ts";

/** Which file was not taken by which provider, and why. */
export interface UploadFacts {
  readonly provider: string;
  readonly name: string;
  readonly failure: ModelFailure;
}

/** A provider did not take a file. */
export class UploadError extends OrchError<"ORCH_UPLOAD", UploadFacts> {
  constructor(facts: UploadFacts) {
    super("ORCH_UPLOAD", facts, {
      says: `The file "${facts.name}" was not uploaded: ${facts.failure.message}`,
      fix: facts.failure.retryable ? "Try again later." : "Correct the key, the address or the file.",
    });
  }
}

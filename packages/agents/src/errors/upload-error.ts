import { OrchError } from "@orch/core";
import type { ModelFailure } from "../words/model.ts";

/** Which file was not taken by which provider, and why. */
export interface UploadFacts {
  readonly provider: string;
  readonly name: string;
  readonly failure: ModelFailure;
  /** Set where the file was to be fetched from there. */
  readonly fetched?: true;
}

/** A provider did not take a file, or did not give it. */
export class UploadError extends OrchError<"ORCH_UPLOAD", UploadFacts> {
  constructor(facts: UploadFacts) {
    super("ORCH_UPLOAD", facts, {
      says: `The file "${facts.name}" was not ${facts.fetched ? "fetched" : "uploaded"}: ${facts.failure.message}`,
      fix: facts.failure.retryable ? "Try again later." : "Correct the key, the address or the file.",
    });
  }
}

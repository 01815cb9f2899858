import { OrchError } from "@orch/core";

/** Which provider has no key, and where one was looked for. */
export interface MissingKeyFacts {
  readonly provider: string;
  /** The environment variable that was read. */
  readonly variable: string;
}

/** A provider needs an API key and none was found. */
export class MissingKeyError extends OrchError<"ORCH_MISSING_KEY", MissingKeyFacts> {
  constructor(facts: MissingKeyFacts) {
    super("ORCH_MISSING_KEY", facts, {
      says: `The provider "${facts.provider}" needs an API key and none was found.`,
      fix: `Set ${facts.variable} in the environment, or choose a model that needs no key, like local/extractive or ollama/<model>.`,
    });
  }
}

import { OrchError } from "@orch/core";

/** What was asked for, and what there is. */
export interface UnknownProviderFacts {
  readonly provider: string;
  /** The known name most like it, if any is. */
  readonly nearest?: string;
  readonly known: readonly string[];
}

/** A model's name begins with a provider that is neither well known nor configured. */
export class UnknownProviderError extends OrchError<"ORCH_UNKNOWN_PROVIDER", UnknownProviderFacts> {
  constructor(facts: UnknownProviderFacts) {
    const { provider, nearest, known } = facts;
    super("ORCH_UNKNOWN_PROVIDER", facts, {
      says: `There is no provider "${provider}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
      fix: `Use one of ${known.join(", ")}, or add "${provider}" under providers in the configuration.`,
    });
  }
}

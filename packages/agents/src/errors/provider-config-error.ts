import { OrchError } from "@orch/core";

/** Which setting of which provider, and what is wrong with it. */
export interface ProviderConfigFacts {
  readonly provider: string;
  readonly field: string;
  readonly problem: string;
  /** Where the field stands in the configuration. Default: in the provider's entry. */
  readonly place?: string;
}

/** The configuration of a provider is not complete or not possible. */
export class ProviderConfigError extends OrchError<"ORCH_PROVIDER_CONFIG", ProviderConfigFacts> {
  constructor(facts: ProviderConfigFacts) {
    super("ORCH_PROVIDER_CONFIG", facts, {
      says: `The configuration of the provider "${facts.provider}" cannot be used: ${facts.problem}.`,
      fix: `Correct ${facts.place ?? `providers.${facts.provider}.${facts.field}`}.`,
    });
  }
}

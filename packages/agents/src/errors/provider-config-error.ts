import { OrchError } from "@orch/core";

/** The configuration of a provider is not complete or not possible. */
export class ProviderConfigError extends OrchError<
  "ORCH_PROVIDER_CONFIG",
  { readonly provider: string; readonly field: string; readonly problem: string }
> {
  constructor(facts: { readonly provider: string; readonly field: string; readonly problem: string }) {
    super("ORCH_PROVIDER_CONFIG", facts, {
      says: `The configuration of the provider "${facts.provider}" cannot be used: ${facts.problem}.`,
      fix: `Correct providers.${facts.provider}.${facts.field}.`,
    });
  }
}

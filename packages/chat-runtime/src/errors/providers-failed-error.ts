import { OrchError } from "@orch/core";

/** Every configuration of a provider switch failed; the last error is the `cause`. */
export class ProvidersFailedError extends OrchError<"ORCH_PROVIDERS_FAILED"> {
  constructor(
    facts: { readonly tried: readonly { readonly at: number; readonly code: string }[] },
    cause: unknown,
  ) {
    super(
      "ORCH_PROVIDERS_FAILED",
      facts,
      {
        says: `None of ${facts.tried.length} configurations could answer (${facts.tried.map(({ code }) => code).join(", ")}).`,
        fix: "Read the cause, and look at the keys and quotas of each of them.",
      },
      { cause },
    );
  }
}

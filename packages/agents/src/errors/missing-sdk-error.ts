import { OrchError } from "@orch/core";

/** The missing package, and the feature that needs it. */
export interface MissingSdkFacts {
  readonly provider: string;
  readonly package: string;
  readonly version: string;
}

/** A provider's SDK, an optional peer dependency, is not installed. */
export class MissingSdkError extends OrchError<"ORCH_MISSING_SDK", MissingSdkFacts> {
  constructor(facts: MissingSdkFacts, options?: ErrorOptions) {
    super(
      "ORCH_MISSING_SDK",
      facts,
      {
        says: `The provider "${facts.provider}" speaks through the package "${facts.package}", which is not installed.`,
        fix: `Install it: npm install ${facts.package}@${facts.version}`,
      },
      options,
    );
  }
}

import { OrchError } from "@orch/core";

/** Which file is wrong, and where in it. */
export interface ConfigFacts {
  readonly file: string;
  /** The setting, like `orchestrations.mine.file`, or a line. */
  readonly place: string;
  readonly problem: string;
}

/** A configuration cannot be used. */
export class ConfigError extends OrchError<"ORCH_CONFIG", ConfigFacts> {
  constructor(facts: ConfigFacts, options?: ErrorOptions) {
    const { file, place, problem } = facts;
    super(
      "ORCH_CONFIG",
      facts,
      {
        says: `${file}${place === "" ? "" : `, ${place}`}: ${problem}.`,
        fix: "Correct it; docs/cli.md lists all settings.",
      },
      options,
    );
  }
}

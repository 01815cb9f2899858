import { OrchError } from "@orch/core";

/** Which option of a store, and what it may be. */
export interface StoreOptionFacts {
  readonly option: string;
  readonly given: string;
  readonly allowed: readonly string[];
}

/** An option of a store has a value that means nothing. */
export class StoreOptionError extends OrchError<"ORCH_STORE_OPTION", StoreOptionFacts> {
  constructor(option: string, value: unknown, allowed: readonly string[]) {
    const given = String(value);
    super(
      "ORCH_STORE_OPTION",
      { option, given, allowed },
      {
        says: `The option ${option} is "${given}".`,
        fix: `Give ${allowed.map((one) => `"${one}"`).join(" or ")}, or leave it out.`,
      },
    );
  }
}

import { OrchError } from "@orch/core";

/** A schema cannot be sent to a model. */
export class SchemaError extends OrchError<"ORCH_SCHEMA"> {
  constructor(facts: { readonly vendor: string; readonly problem: string }, options?: ErrorOptions) {
    super(
      "ORCH_SCHEMA",
      facts,
      {
        says: `A schema of "${facts.vendor}" cannot be sent to a model: ${facts.problem}.`,
        fix: "Use types that JSON has and convert after parsing (`z.array(item).transform((items) => new Set(items))`), with a library that offers Standard JSON Schema: zod 4.2 or later, ArkType, or Valibot through `toStandardJsonSchema` of `@valibot/to-json-schema`.",
      },
      options,
    );
  }
}

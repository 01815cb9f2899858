import { OrchError } from "@orch/core";

/** Where the input is, and why it was refused. */
export interface InputFacts {
  readonly file: string;
  readonly problem: string;
}

const ONE_VALUE =
  "Give a file with one JSON value, like a quoted question or the object that the orchestration takes.";

/** The input of a run, or of an import, cannot be read. */
export class InputError extends OrchError<"ORCH_INPUT", InputFacts> {
  constructor(facts: InputFacts, options: ErrorOptions & { readonly fix?: string } = {}) {
    super(
      "ORCH_INPUT",
      facts,
      {
        says: `The input ${facts.file === "-" ? "on standard input" : facts.file} cannot be used: ${facts.problem}.`,
        fix: options.fix ?? ONE_VALUE,
      },
      options,
    );
  }
}

import { OrchError } from "./orch-error.ts";

/** Why a text was refused. */
export interface JsonFacts {
  readonly reason: "syntax" | "too-long" | "too-deep" | "forbidden-key";
  readonly detail?: string;
  readonly length?: number;
  readonly maxLength?: number;
}

const SAYS: Record<JsonFacts["reason"], (facts: JsonFacts) => string> = {
  syntax: (facts) => `The text is not JSON: ${facts.detail}.`,
  "too-long": (facts) => `The JSON text has ${facts.length} characters; the limit is ${facts.maxLength}.`,
  "too-deep": () => "The JSON text nests deeper than the limit.",
  "forbidden-key": (facts) =>
    `The JSON text has a key "${facts.detail}", which could change an object's prototype.`,
};

/** A text from outside could not be read as JSON. */
export class JsonError extends OrchError<"ORCH_JSON", JsonFacts> {
  constructor(facts: JsonFacts, options?: ErrorOptions) {
    super(
      "ORCH_JSON",
      facts,
      { says: SAYS[facts.reason](facts), fix: "Correct the text where it comes from." },
      options,
    );
  }
}

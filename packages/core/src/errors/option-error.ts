import { shapeOf } from "./no-advance-error.ts";
import { OrchError } from "./orch-error.ts";

/** Which option, and what it may be. */
export interface OptionFacts {
  readonly option: string;
  /** As a text, or the shape of what was given. */
  readonly given: string;
  readonly allowed: string;
}

/** An option has a value that means nothing. */
export class OptionError extends OrchError<"ORCH_OPTION", OptionFacts> {
  constructor(option: string, value: unknown, allowed: string) {
    const given =
      typeof value === "string" ? `"${value}"` : typeof value === "number" ? String(value) : shapeOf(value);
    super(
      "ORCH_OPTION",
      { option, given, allowed },
      { says: `The option ${option} is ${given}.`, fix: `Give ${allowed}, or leave it out.` },
    );
  }
}

/** A reason is kept and shown as a text. @throws OptionError (`ORCH_OPTION`) for anything else, in plain JavaScript. */
export function checkReason(reason: string): void {
  if (typeof reason !== "string") throw new OptionError("reason", reason, "a text");
}

/** Failures that are none of the provider: servers answer with an error when the model wrote a call that they cannot read. */
import type { ModelFailure } from "../words/model.ts";
import type { RefusalFacts } from "./failure-kind.ts";
import { sentenceOf } from "./failure-text.ts";

const CODES: ReadonlySet<string> = new Set([
  "tool_use_failed",
  "output_parse_failed",
  "json_validate_failed",
]);
const SAID =
  /(?:failed|error|unable)\b.{0,20}\bpars(?:e|ing)\b.{0,20}\btool[ _]?call|failed to call a function|tool call validation failed/i;

/** What the model did wrong, with what it wrote where the server shows it; `undefined` for other failures. */
export function mistakeOf(
  { codes = [], message, wrote }: RefusalFacts & { readonly wrote?: string | undefined },
  secrets: readonly string[],
): string | undefined {
  if (!codes.some((code) => CODES.has(code)) && !SAID.test(message)) return undefined;
  const shown = wrote === undefined ? "" : ` It wrote: ${sentenceOf(wrote, secrets)}`;
  return `${sentenceOf(message, secrets)}${shown}`;
}

/** A failure that is the model's. */
export function mistaken(failure: ModelFailure, mistake: string): ModelFailure {
  return { ...failure, kind: "bad-request", retryable: false, mistake };
}

/** No call is uncounted: what a provider did not tell is estimated from the text, and marked. */
import {
  type FinishEvent,
  type FinishReason,
  type ModelRequest,
  modelName,
  type Usage,
} from "../words/model.ts";
import { estimateRequest, estimateTokens } from "./estimate-tokens.ts";

/** Endings of an answer that the provider gave to its end, as far as it wanted. */
const ANSWERED: ReadonlySet<FinishReason> = new Set<FinishReason>([
  "stop",
  "tool-calls",
  "length",
  "refusal",
  "filtered",
  "paused",
  "other",
]);

/** The finish with the figures that are missing, if any are. A call that failed before its answer has none. */
export function counted(finish: FinishEvent, request: ModelRequest): FinishEvent {
  const { message, usage } = finish;
  const begun = ANSWERED.has(message.finish.reason) || message.content.length > 0;
  if (usage.estimated !== true || !begun || (usage.input > 0 && usage.output > 0)) return finish;
  const { content } = message;
  const figures: Usage = {
    ...usage,
    input: usage.input || estimateRequest(request),
    output: usage.output || (content.length === 0 ? 0 : estimateTokens(message)),
  };
  if (figures.input === usage.input && figures.output === usage.output) return finish;
  // Whoever broke off the answer expects no figures.
  if (!ANSWERED.has(message.finish.reason)) return { ...finish, usage: figures };
  const warning = `${modelName(message.origin)} does not tell how many tokens it used: they are estimated from the text.`;
  return { ...finish, usage: figures, warnings: [...(finish.warnings ?? []), warning] };
}

/** The few sentences that are not quotes. */

import type { TextPart, ToolResultPart } from "../../words/message.ts";
import type { ToolSpec } from "../../words/model.ts";
import { citationOf, type Evidence, markOf } from "./evidence.ts";
import { resultText } from "./material.ts";
import { keywordsOf } from "./question.ts";
import { inReadingOrder } from "./rank.ts";

const GREETING =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[\s\p{P}]*(?:there|orch)?[\s\p{P}]*$/iu;
const THANKS = /^(?:thanks|thank you|thx|great|ok|okay)\b[\s\p{P}]*(?:very much|a lot)?[\s\p{P}]*$/iu;
const ABILITIES =
  /^(?:help|what can you do|what do you do|who are you|what are you|how can you help(?: me)?)[\s\p{P}]*$/iu;

/** The fixed answer to a greeting or a question about the model itself. */
export function fixedAnswer(request: string, tools: readonly ToolSpec[]): string | undefined {
  const asked = request.trim();
  if (asked === "") return "Ask a question about the files in this folder.";
  if (asked.length > 80) return undefined;
  if (GREETING.test(asked))
    return "Hello. Ask a question about the files in this folder and I quote what fits.";
  if (THANKS.test(asked)) return "You are welcome.";
  if (!ABILITIES.test(asked)) return undefined;
  const named = tools.map((tool) => `/${tool.name}`).join(", ");
  const lines = [
    "I am not a language model. I search the text files of this folder and quote the sentences that fit a question, each with its file and line.",
  ];
  if (named !== "") lines.push(`I can call these tools, also in the form "/tool key=value": ${named}.`);
  lines.push("For written answers, choose a model of a provider.");
  return lines.join("\n\n");
}

/** The answer when nothing fits. */
export function nothingFound(question: string, searched: number): string {
  const words = keywordsOf(question).slice(0, 8).join(", ");
  const about = words === "" ? "" : ` about: ${words}`;
  const files = searched === 0 ? "There are no text files to search." : `I searched ${searched} paragraphs.`;
  return `I found nothing in the files${about}. ${files} I only quote; I do not guess.`;
}

/** The answer when a tool failed or was refused. */
export function failedTools(results: readonly ToolResultPart[]): string {
  return results
    .map((result) =>
      result.denied
        ? `The call of ${result.name} was denied.`
        : `The tool ${result.name} failed: ${resultText(result)}`,
    )
    .join("\n");
}

/** Quotes as a text part: each sentence with its place, and the same places as citations. */
export function quotedAnswer(evidence: readonly Evidence[]): TextPart {
  const shown = inReadingOrder(evidence);
  const text = shown.map((one) => `${one.quote} ${markOf(one)}`).join("\n\n");
  return { type: "text", text, citations: shown.map(citationOf) };
}

/** A conversation as text, for a model that sums it up: no call is open in it, and no provider's data goes along. */
import { cutText } from "../platform/cut-text.ts";
import type { AssistantPart, FilePart, Message, TextPart, ToolResultPart } from "../words/message.ts";

/** The longest piece that is shown of a tool's arguments or result, in characters. */
const LONGEST = 2_000;

/** Writes messages one after the other, each with who said it. System messages are left out: they stay as they are. */
export function transcript(messages: readonly Message[]): string {
  return messages.flatMap(linesOf).join("\n");
}

function linesOf(message: Message): readonly string[] {
  switch (message.role) {
    case "system":
      return [];
    case "user":
      return [`User: ${message.content.map(pieceOf).join("")}`];
    case "assistant":
      return message.content.flatMap(saidOf);
    case "tool":
      return message.content.map((result) => `Result of ${result.name}: ${shorten(outputOf(result))}`);
  }
}

function saidOf(part: AssistantPart): readonly string[] {
  switch (part.type) {
    case "tool-call":
      return [`Assistant calls ${part.name}: ${shorten(part.rawInput)}`];
    case "provider-call":
      return [`${part.name} at the provider: ${shorten(part.output ?? part.status)}`];
    case "reasoning":
      return [];
    case "refusal":
    case "text":
    case "file":
      return [`Assistant: ${pieceOf(part)}`];
  }
}

function outputOf({ output }: ToolResultPart): string {
  return typeof output === "string" ? output : output.map(pieceOf).join("");
}

function pieceOf(part: TextPart | FilePart | { readonly type: "refusal"; readonly text: string }): string {
  return part.type === "file" ? `[file ${part.name ?? part.mediaType}]` : part.text;
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${cutText(text, LONGEST)} [cut]`;
}

/** The result of a call that gave no output: what the model is told instead. */
import { cutText } from "../platform/cut-text.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";

/** The longest text a tool may give a model, in UTF-16 code units. */
export const LONGEST_OUTPUT = 50_000;

/** Which call a result is of. */
export type CallName = Pick<ToolCallPart, "id" | "name">;

/** A result that tells the model what went wrong. */
export function errorResult(call: CallName, text: string): ToolResultPart {
  return { type: "tool-result", id: call.id, name: call.name, output: shorten(text), isError: true };
}

/** A result that tells the model that a person or a policy said no. */
export function deniedResult(call: CallName, reason: string): ToolResultPart {
  const output = shorten(`The call was denied: ${reason}`);
  return { type: "tool-result", id: call.id, name: call.name, output, isError: true, denied: true };
}

/** The result of a call that was cancelled before it gave one. */
export function cancelledResult(call: CallName): ToolResultPart {
  return errorResult(call, "Cancelled.");
}

/** Cuts a text for a model, and says so in it. `longest` is in UTF-16 code units. */
export function shorten(text: string, longest: number = LONGEST_OUTPUT): string {
  if (text.length <= longest) return text;
  const kept = cutText(text, longest);
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters left out]`;
}

/** What an error says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Message } from "../words/message.ts";

/**
 * The tools that a history calls, for a request that offers none: Anthropic's models refuse calls of tools that are not
 * declared, also when none may be called any more.
 */
export function formerTools(
  messages: readonly Message[],
): readonly { readonly name: string; readonly description: string }[] {
  const names = new Set<string>();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const part of message.content) if (part.type === "tool-call") names.add(part.name);
  }
  return [...names].map((name) => ({ name, description: "Not available now." }));
}

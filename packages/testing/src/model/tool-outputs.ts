import type { Message } from "@orch/agents";

/** The texts of all tool results in a conversation, in order; for assertions. */
export function toolOutputs(messages: readonly Message[]): readonly string[] {
  return messages.flatMap((message) =>
    message.role === "tool"
      ? message.content.map(({ output }) => (typeof output === "string" ? output : JSON.stringify(output)))
      : [],
  );
}

/** The transfers of a message that lost: the agent that goes on does not read of other agents that might have. */
import type { Message } from "../../words/message.ts";
import type { Handoff } from "./handoff.ts";

/**
 * Leaves out the transfers that were not taken, with their results, from the message that handed over: the last one
 * with calls. Gives the messages themselves where there was only one transfer.
 */
export function withoutLostHandoffs(
  messages: readonly Message[],
  ways: readonly Handoff[],
): readonly Message[] {
  const asked = messages.at(-2);
  const told = messages.at(-1);
  if (asked?.role !== "assistant" || told?.role !== "tool") return messages;
  const done = new Set(told.content.flatMap(({ id, isError }) => (isError ? [] : [id])));
  const lost = new Set(
    asked.content.flatMap((part) =>
      part.type === "tool-call" && !done.has(part.id) && ways.some(({ name }) => name === part.name)
        ? [part.id]
        : [],
    ),
  );
  if (lost.size === 0) return messages;
  return [
    ...messages.slice(0, -2),
    { ...asked, content: asked.content.filter((part) => part.type !== "tool-call" || !lost.has(part.id)) },
    { ...told, content: told.content.filter(({ id }) => !lost.has(id)) },
  ];
}

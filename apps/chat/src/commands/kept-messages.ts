/** The messages of the present conversation, by number: the first one is 1, whatever was read of the conversation. */
import { textOf } from "@orch/agents";
import type { Session } from "@orch/chat-runtime";
import type { CompletionValue } from "../input/completion.ts";

/** The messages that are known, the newest first. */
export function keptMessages(session: Session | undefined): readonly CompletionValue[] {
  if (session === undefined) return [];
  const { turns, earlier = 0 } = session;
  return turns
    .map(({ messages, status }, at) => ({
      value: String(earlier + at + 1),
      description: `${status === "dropped" ? "(dropped) " : ""}${messages[0] === undefined ? "" : textOf(messages[0]).replace(/\s+/gu, " ").slice(0, 60)}`,
    }))
    .reverse();
}

/** The number of a message that was typed; the last one for nothing, `undefined` for what is no message. */
export function messageNumber(session: Session | undefined, argument: string): number | undefined {
  const count = session?.turnCount ?? 0;
  if (argument === "") return count === 0 ? undefined : count;
  const number = /^\d{1,9}$/.test(argument) ? Number(argument) : 0;
  return number >= 1 && number <= count ? number : undefined;
}

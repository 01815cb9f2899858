/** The name a session has until it is renamed. */
import { textOf, type UserMessage } from "@orch/agents";

/** Longest title made from a message, in characters. */
const LONGEST = 60;

/** The first words of a message on one line, 60 characters at most. */
export function sessionTitle(message: UserMessage): string {
  const line = textOf(message).replace(/\s+/gu, " ").trim();
  const characters = Array.from(line.slice(0, LONGEST * 2 + 2));
  return characters.length <= LONGEST ? line : `${characters.slice(0, LONGEST - 1).join("")}…`;
}

import type { SessionSummary } from "@orch/chat-runtime";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { age } from "./age.ts";
import { shownTitle } from "./shown-title.ts";

/** A conversation as a row of a list. */
export function sessionRow(
  session: SessionSummary,
  now: number,
): { readonly age: SafeText; readonly title: SafeText; readonly rest: SafeText } {
  const { title, turnCount, lastConfiguration, heldBy, id } = session;
  const turns = turnCount === 1 ? safe`1 turn` : safe`${turnCount} turns`;
  const by = lastConfiguration === undefined ? safe`` : safe` · ${safeText(lastConfiguration)}`;
  const held = heldBy === undefined ? safe`` : safe` · open`;
  return {
    age: age(now - session.updatedAt),
    title: title === "" ? safeText(id) : shownTitle(title),
    rest: safe`${turns}${by}${held}`,
  };
}

/** `orch sessions`: the sessions of the folder. */
import type { SessionSummary } from "@orch/chat-runtime";
import type { OutputFormat } from "../config/args.ts";
import { age } from "../sessions/age.ts";
import { shownTitle } from "../sessions/shown-title.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { jsonLine } from "./result.ts";

/** The sessions as a list for people, or as JSON; the newest first. */
export function sessionList(
  sessions: readonly SessionSummary[],
  format: OutputFormat,
  now: number,
): SafeText {
  if (format !== "text") return jsonLine({ v: 1, sessions });
  if (sessions.length === 0) return safe`This folder has no sessions yet.\n`;
  return safeText(sessions.map((session) => lineOf(session, now)).join(""));
}

function lineOf({ id, title, turnCount, updatedAt, heldBy }: SessionSummary, now: number): string {
  const turns = `${turnCount} ${turnCount === 1 ? "turn" : "turns"}`;
  const held = heldBy === undefined ? "" : `, open in ${visibleText(heldBy)}`;
  return `${visibleText(id)}  ${age(now - updatedAt)}, ${turns}${held}  ${cut(shownTitle(title))}\n`;
}

/** The first characters of a title. */
function cut(title: string): string {
  return [...title].slice(0, 60).join("");
}

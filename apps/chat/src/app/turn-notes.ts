/** The warnings of the agents of a turn, in a few quiet lines below its answer: each kind once, however many lanes and calls say it. */
import type { ChatEvent } from "@orch/chat-runtime";
import { agentWarning } from "../sessions/agent-warning.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";

/** Lines; the rest is counted. */
const MOST = 5;

/** What was warned of in one turn. */
export class TurnNotes {
  /** By kind: the first one, and the others of that kind. */
  readonly #kinds = new Map<string, { readonly text: string; readonly others: Set<string> }>();

  take(event: ChatEvent): void {
    const warning = agentWarning(event)?.replaceAll(/\s+/g, " ").trim();
    // The tokens of such a call have a mark of their own.
    if (warning === undefined || warning === "" || warning.endsWith(ESTIMATED)) return;
    const known = this.#kinds.get(kindOf(warning));
    if (known === undefined) this.#kinds.set(kindOf(warning), { text: warning, others: new Set() });
    else if (known.text !== warning) known.others.add(warning);
  }

  get entries(): readonly Entry[] {
    const all = [...this.#kinds.values()];
    const lines = all.slice(0, MOST).map(({ text, others: { size } }) => {
      const like = size === 0 ? safe`` : safe` (and ${size} like it)`;
      return noticeEntry(safe`note: ${visibleText(text)}${like}`);
    });
    const more = all.length - MOST;
    return more > 0 ? [...lines, noticeEntry(safe`note: and ${more} more`)] : lines;
  }
}

const ESTIMATED = "they are estimated from the text.";

/** Warnings of one kind differ only in names and numbers. */
function kindOf(warning: string): string {
  return warning.replaceAll(/"[^"]*"|\d+/g, "…");
}

/** Sessions as text: JSONL to move them, Markdown to read them. */
import { type AssistantPart, type Message, modelName, textOf } from "@orch/agents";
import type { Session, TurnRecord } from "./session-store.ts";

/** The first line of an exported session names this format. */
export const EXPORT_FORMAT = "orch.session/1";

/**
 * Writes a session as text.
 *
 * `jsonl` holds everything, one turn per line after a line about the session; `importSession` reads it.
 * `markdown` is for people: what was said, with tool calls in short; reasoning, files and turns that the user dropped are
 * left out.
 */
export function exportSession(session: Session, format: "jsonl" | "markdown"): string {
  return format === "jsonl" ? jsonl(session) : markdown(session);
}

function jsonl({ id, title, createdAt, updatedAt, turns }: Session): string {
  const head = { format: EXPORT_FORMAT, id, title, createdAt, updatedAt, turnCount: turns.length };
  return [head, ...turns].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function markdown(session: Session): string {
  const title = session.title === "" ? session.id : session.title.replaceAll("\n", " ");
  const turns = session.turns.filter(({ status }) => status !== "dropped");
  return [`# ${title}`, ...turns.flatMap(turnParts)].join("\n\n").concat("\n");
}

function turnParts(turn: TurnRecord): string[] {
  const parts = turn.messages.map(messagePart).filter((part) => part !== "");
  const note = turn.error ?? "";
  return turn.status === "completed"
    ? parts
    : [...parts, `*This turn is ${turn.status}.${note && ` ${note}`}*`];
}

function messagePart(message: Message): string {
  const text = textOf(message).trim();
  switch (message.role) {
    case "user":
      return `## You\n\n${text}`;
    case "assistant": {
      const calls = message.content.flatMap(callLines);
      return [`## ${modelName(message.origin)}`, text, calls.join("\n")]
        .filter((part) => part !== "")
        .join("\n\n");
    }
    case "tool":
      return message.content
        .map((part) => `- ${code(part.name)} ${part.isError ? "failed" : "answered"}`)
        .join("\n");
    case "system":
      return "";
  }
}

function callLines(part: AssistantPart): readonly string[] {
  if (part.type === "tool-call") return [`- called ${code(part.name)} with ${code(part.rawInput)}`];
  if (part.type !== "provider-call") return [];
  const input = part.input === undefined ? "" : ` with ${code(JSON.stringify(part.input))}`;
  return [`- ${code(part.name)} ran at the provider${input}`];
}

/** Inline code whose fence is longer than any run of backticks in it. */
function code(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const line = short.replace(/\s+/g, " ");
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A conversation as a file, from its kept source and not from the screen. */
import { type Message, textOf } from "@orch/agents";
import type { Session, TurnRecord } from "@orch/chat-runtime";
import { safeText } from "../terminal/safe-text.ts";

/** The formats of an exported conversation. */
export const EXPORT_FORMATS = ["md", "json"] as const;

/** Markdown to read, or JSON with everything that is kept. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Writes a conversation. Markdown is cleaned, because somebody will print it on a terminal; JSON is whole. */
export function exportText(session: Session, format: ExportFormat): string {
  if (format === "json") return `${JSON.stringify(session, undefined, 2)}\n`;
  const title = session.title === "" ? session.id : session.title.replaceAll("\n", " ");
  const turns = session.turns.filter(({ status }) => status !== "dropped").map(turnText);
  return `${safeText([`# ${title}`, ...turns].join("\n\n"))}\n`;
}

function turnText(turn: TurnRecord): string {
  const messages = turn.messages.map((message) => messageText(message, turn)).filter((text) => text !== "");
  if (turn.status !== "completed")
    messages.push(`*${turn.status}${turn.error === undefined ? "" : `: ${turn.error}`}*`);
  return messages.join("\n\n");
}

function messageText(message: Message, turn: TurnRecord): string {
  const text = textOf(message).trim();
  if (message.role === "user") return `## You\n\n${text}`;
  if (message.role !== "assistant") return "";
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call" ? [`- called \`${part.name}\` with \`${part.rawInput}\``] : [],
  );
  const parts = [text, calls.join("\n")].filter((part) => part !== "");
  return parts.length === 0 ? "" : [`## ${turn.configuration}`, ...parts].join("\n\n");
}

/** A conversation as text, from its kept source and not from the screen. */
import { exportSession, type Session } from "@orch/chat-runtime";
import { parseJson } from "@orch/core";
import { safeJson, safeText } from "../terminal/safe-text.ts";
import { sessionHtml } from "./session-html.ts";

/** The formats of an exported conversation, with what each is for. */
export const EXPORT_FORMATS = {
  md: "Markdown, to read",
  html: "a page, to open and to send",
  jsonl: "everything that is kept, for /import",
  json: "everything that is kept, in one object",
} as const;

/** One of them, which is also the end of the file's name. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** A turn may nest deeper than a message from outside does. */
const WHOLE = { maxDepth: 1000, maxLength: 512 * 1024 * 1024 };

/**
 * Writes a conversation. What people read is cleaned, because somebody will print it on a terminal; JSON is whole, with an
 * escape for each hidden character.
 */
export function exportText(session: Session, format: ExportFormat): string {
  switch (format) {
    case "md":
      return safeText(exportSession(session, "markdown"));
    case "html":
      return sessionHtml(session);
    case "jsonl":
      return exportSession(session, "jsonl")
        .split("\n")
        .slice(0, -1)
        .map((line) => `${safeJson(parseJson(line, WHOLE))}\n`)
        .join("");
    case "json":
      return `${safeJson(session, 2)}\n`;
  }
}

/** Whether a word is one of the formats. */
export function isExportFormat(word: string): word is ExportFormat {
  return Object.hasOwn(EXPORT_FORMATS, word);
}

/** Where the statements of an answer come from, as short lines under it. */
import { type AssistantMessage, type Citation, type Message, textOf } from "@orch/agents";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, truncate, wrapLine } from "../terminal/width.ts";
import type { Entry } from "./entry.ts";

/** Sources that are listed; the rest is counted. */
const MAX_SOURCES = 8;

/** The sources of a message, each once; none for a message that cites nothing. */
export function citationsEntry(message: Message): readonly Entry[] {
  const sources = message.role === "assistant" ? sourcesOf(message) : [];
  if (sources.length === 0) return [];
  return [
    (style) => {
      const { width, theme } = style;
      const bar: Line = [span(safe`${theme.glyphs.quote} `, theme.styles.dim)];
      // An address that is cut leads nowhere.
      const lines = sources.slice(0, MAX_SOURCES).flatMap(({ place, title }, nth) => {
        // Several have numbers, as in a list of references.
        const number = sources.length > 1 ? safe`${nth + 1}. ` : safe``;
        const named = title === undefined ? [] : [span(safe`${title} `, theme.styles.dim)];
        const line = [span(number, theme.styles.dim), ...named, span(place, theme.styles.link)];
        const rows = wrapLine(line, Math.max(1, width - 2), style);
        return indentLines(rows, bar, bar);
      });
      const left = sources.length - MAX_SOURCES;
      if (left > 0) lines.push([...bar, span(safe`${left} more sources`, theme.styles.dim)]);
      return [[], ...lines];
    },
  ];
}

interface Source {
  readonly place: SafeText;
  /** Of a page whose address says less than its title. */
  readonly title?: SafeText;
}

/** Cells of a title. */
const MAX_TITLE = 60;

function sourcesOf(message: AssistantMessage): readonly Source[] {
  const places = new Map<SafeText, Source>();
  const text = safeText(textOf(message));
  for (const part of message.content) {
    if (part.type !== "text") continue;
    for (const citation of part.citations ?? []) {
      const place = citedPlace(citation);
      // What stands in the text needs no line of its own.
      if (place === undefined || places.has(place) || text.includes(place)) continue;
      const title = citation.url === undefined ? undefined : citation.title?.replace(/\s+/g, " ").trim();
      places.set(place, { place, ...(title && { title: truncate(safeText(title), MAX_TITLE) }) });
    }
  }
  return [...places.values()];
}

/** Shows invisible characters in a path or an address, because a reader trusts what is shown. */
function citedPlace({ path, line, url, title }: Citation): SafeText | undefined {
  if (path !== undefined) return line === undefined ? visibleText(path) : safe`${visibleText(path)}:${line}`;
  if (url !== undefined) return visibleText(url);
  return title === undefined ? undefined : safeText(title);
}

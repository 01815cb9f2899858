import type { ReactElement } from "react";
import { safe } from "./safe-text.ts";
import { joinLines, type Line, paint } from "./styled.ts";
import { Text } from "./text.tsx";
import type { Theme } from "./theme.ts";

/**
 * Draws lines that were fitted to the width already, as one element: one node to lay out, whatever the
 * number of rows and styles. Draws nothing for no lines.
 */
export function Lines({
  lines,
  theme,
}: {
  readonly lines: readonly Line[];
  readonly theme: Theme;
}): ReactElement | null {
  if (lines.length === 0) return null;
  const text = joinLines(lines.map((line) => paint(line, theme.colours)));
  // Ink gives an empty text no row.
  return <Text wrap="truncate">{text === "" ? safe` ` : text}</Text>;
}

/** Nothing moves while the store is locked or full: that is said where else a run is seen to move. */
import { safe } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { wrapLine } from "../terminal/width.ts";
import type { RailState } from "./rail-entry.ts";

/** Rows that say why the run waits. */
const MAX_PAUSED = 2;

/** The rows; none while the run goes on. */
export function pausedLines(
  { paused }: RailState,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): readonly Line[] {
  if (paused === undefined) return [];
  const says = safe`${theme.glyphs.warning} ${paused} The run waits, and goes on by itself.`;
  return wrapLine([span(says, theme.styles.warning)], width).slice(0, MAX_PAUSED);
}

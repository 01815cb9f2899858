/** The last line of the screen. */

import { count } from "../rail/figures.ts";
import type { RailState } from "../rail/rail-entry.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { truncateLine, widthOf } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { AppState } from "./app-state.ts";

/** What the status line tells. */
export interface StatusFacts {
  readonly app: AppState;
  readonly style: MarkdownStyle;
  readonly orchestration: string;
  readonly model: string;
  /** Of the whole session, what runs now included. */
  readonly tokens: number;
  /** In US dollars; absent when a price is unknown. */
  readonly cost?: number;
  readonly rail?: RailState;
}

const HINTS = {
  stop: safe`Esc again to stop`,
  clear: safe`Esc again to clear the input`,
  quit: safe`Ctrl-C again to quit`,
} as const;

/** As many segments as fit, from the left. The effect of a second key press comes first. */
export function statusLine(facts: StatusFacts, width: number): Line {
  const { app, style } = facts;
  const { styles, glyphs } = style.theme;
  if (app.armed !== undefined) return truncateLine([span(safe` ${HINTS[app.armed]}`, styles.waiting)], width);
  if (app.searching)
    return truncateLine(
      [span(safe` searching what was sent: Enter takes, Esc leaves`, styles.waiting)],
      width,
    );
  const between = safe` ${glyphs.quote} `;
  let text = safe``;
  for (const segment of segments(facts)) {
    const longer = text === "" ? safe` ${segment}` : safe`${text}${between}${segment}`;
    if (text !== "" && widthOf(longer) > width) break;
    text = longer;
  }
  return truncateLine([span(text, styles.dim)], width);
}

function segments(facts: StatusFacts): readonly SafeText[] {
  const { app, style, orchestration, model, tokens, cost } = facts;
  const { glyphs } = style.theme;
  const state = activeState(facts.rail);
  const name = safeText(orchestration);
  const parts = [state === undefined ? name : safe`${name} ${glyphs.into} ${state}`];
  if (app.phase === "stopping") parts.push(safe`stopping`);
  if (app.asking) parts.push(safe`${glyphs.waiting} waits for your answer`);
  if (app.queue.length > 0)
    parts.push(safe`⧗ ${app.queue.length} queued${app.held === true ? safe`, Enter goes on` : safe``}`);
  parts.push(safeText(model));
  if (tokens > 0) parts.push(safe`${count(tokens)} tok`);
  if (cost !== undefined && cost > 0) parts.push(safeText(`$${cost.toFixed(cost < 0.1 ? 3 : 2)}`));
  parts.push(app.phase === "running" ? safe`Esc Esc stops` : safe`/ commands`);
  return parts;
}

function activeState(rail: RailState | undefined): SafeText | undefined {
  for (const entry of rail?.entries.values() ?? [])
    if (entry.parent === undefined && entry.endedAt === undefined) return entry.name;
  return undefined;
}

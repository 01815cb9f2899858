/** The last line of the screen. */

import { waiting } from "../questions/panel-state.ts";
import { count, money } from "../rail/figures.ts";
import type { RailState } from "../rail/rail-entry.ts";
import type { SessionSpending } from "../sessions/session-spending.ts";
import { type StateModelNames, stateOf } from "../sessions/state-models.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { truncateLine, widthOf } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { AppState } from "./app-state.ts";
import type { BackgroundFacts } from "./background.ts";

/** What the status line tells. */
export interface StatusFacts {
  readonly app: AppState;
  readonly style: MarkdownStyle;
  readonly orchestration: string;
  /** Absent where what answers asks for none. */
  readonly model?: string;
  /** The states that have a model of their own, and which. */
  readonly stateModels?: StateModelNames;
  /** Of the whole session, what runs now included. */
  readonly spending: SessionSpending;
  /** Tokens that the model reads at most, where that is known. */
  readonly contextWindow?: number;
  readonly rail?: RailState;
  readonly background?: BackgroundFacts;
}

const HINTS = {
  stop: safe`Esc again to stop`,
  clear: safe`Esc again to clear the input`,
  quit: safe`Ctrl-C again to quit`,
  compose: safe`Ctrl-E opens your editor`,
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
  const { app, style, orchestration, spending } = facts;
  const { glyphs } = style.theme;
  const state = activeState(facts.rail);
  const name = safeText(orchestration);
  const parts = [...vimMode(app), state === undefined ? name : safe`${name} ${glyphs.into} ${state}`];
  if (app.phase === "stopping") parts.push(safe`stopping`);
  if (waiting(app.panel).length > 0) parts.push(safe`${glyphs.waiting} waits for your answer`);
  if (app.queue.length > 0)
    parts.push(
      safe`${glyphs.queued} ${app.queue.length} queued${app.held === true ? safe`, Enter goes on` : safe``}`,
    );
  parts.push(...backgroundText(facts));
  if (facts.model !== undefined) parts.push(modelNow(facts, facts.model));
  const about = spending.isEstimated ? safe`~` : safe``;
  if (spending.tokens > 0) parts.push(safe`${about}${count(spending.tokens)} tok`);
  const share = shareOf(facts);
  if (share !== undefined) parts.push(share);
  const cost = money(spending.cost, spending.isPartial);
  if (spending.cost > 0) parts.push(spending.isPartial ? cost : safe`${about}${cost}`);
  parts.push(app.phase === "running" ? safe`Esc Esc stops` : safe`/ commands`);
  return parts;
}

/** How many runs are in the background, and how many of them ask something. */
function backgroundText({ background, style }: StatusFacts): readonly SafeText[] {
  if (background === undefined || background.count === 0) return [];
  const { count: all, waiting } = background;
  const waits = waiting === 0 ? safe`` : safe`, ${style.theme.glyphs.waiting} ${waiting}`;
  return [safe`${all} in the background${waits}`];
}

/** How much of the model's window the latest call took. */
function shareOf({ spending: { context }, contextWindow }: StatusFacts): SafeText | undefined {
  if (context === undefined || contextWindow === undefined) return undefined;
  const share = Math.round((context / contextWindow) * 100);
  return share === 0 ? safe`context <1%` : safe`context ${share}%`;
}

/** The mode of vim and what is typed of a command, as vim shows it. */
function vimMode({ vim }: AppState): readonly SafeText[] {
  if (vim === undefined) return [];
  if (vim.mode === "insert") return [safe`INSERT`];
  return [vim.pending === "" ? safe`NORMAL` : safe`NORMAL ${safeText(vim.pending)}`];
}

/** The model of the state that is at work; between runs the general one, with how many states have another. */
function modelNow({ stateModels = {}, rail, app }: StatusFacts, model: string): SafeText {
  const states = Object.keys(stateModels);
  if (states.length === 0) return safeText(model);
  if (app.phase === "idle" || rail === undefined)
    return safe`${safeText(model)}, ${states.length === 1 ? safe`1 state` : safe`${states.length} states`} with another`;
  const open = [...rail.entries.values()].filter(({ endedAt }) => endedAt === undefined);
  const state = stateOf(open.at(-1)?.path ?? "", states);
  return safeText(state === undefined ? model : (stateModels[state] ?? model));
}

function activeState(rail: RailState | undefined): SafeText | undefined {
  for (const entry of rail?.entries.values() ?? [])
    if (entry.parent === undefined && entry.endedAt === undefined) return entry.name;
  return undefined;
}

/** The welcome: the first three lines on the screen. */

import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { truncateLine, truncateStart, widthOf, wrapLine } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";
import { onlyAppends } from "./look.ts";

/** The last line, where there is something to go on with. */
export const FAREWELL = safe`Start with -c to go on with this conversation\n`;

/** Where lines are typed whole. */
const LINE_KEYS = safe`Type a message and Enter. /help lists the commands. Ctrl-C stops an answer, Ctrl-D quits.`;

/** Names the program, its orchestration and folder, and what the model honestly is where one is known to answer. */
export function welcomeEntry(context: InteractiveContext): Entry {
  const { version, orchestration, model, folder, env } = context;
  const usesModel = context.usesModel(orchestration);
  const what = context.models.find(({ id }) => id === model)?.description;
  return ({ theme, width }) => {
    const { styles, glyphs } = theme;
    const dot = safe` ${glyphs.separator} `;
    const label = what === undefined ? safe`` : safe`: ${safeText(what)}`;
    const first = safe`orch ${safeText(version)}${dot}${safeText(orchestration)}${dot}`;
    const place = truncateStart(
      visibleText(homely(folder, env["HOME"])),
      Math.max(8, width - widthOf(first)),
    );
    const head: Line = [
      span(safe`orch`, styles.heading),
      span(safe` ${safeText(version)}${dot}`, styles.dim),
      span(safeText(orchestration), styles.strong),
      span(safe`${dot}${place}`, styles.dim),
    ];
    const keys = onlyAppends(context)
      ? wrapLine([span(LINE_KEYS)], width)
      : [
          truncateLine(
            [span(safe`/ commands${dot}? keys${dot}Esc Esc stops${dot}Ctrl+D quits`, styles.dim)],
            width,
          ),
        ];
    return [
      truncateLine(head, width),
      // The label says what the model cannot do, so it is wrapped and never cut.
      ...(usesModel ? wrapLine([span(safeText(model), styles.strong), span(label, styles.dim)], width) : []),
      ...keys,
    ];
  };
}

function homely(folder: string, home: string | undefined): string {
  const inside = home !== undefined && home !== "" && (folder === home || folder.startsWith(`${home}/`));
  return inside ? `~${folder.slice(home.length)}` : folder;
}

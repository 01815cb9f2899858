/** The questions on a terminal that can only append: in full, with the choices as a numbered list. */
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, plainText } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { LISTED } from "./approval-keys.ts";
import { hears, type PanelDraft, type PanelState, shownDraft, waiting } from "./panel-state.ts";
import { viewLines } from "./panel-view.ts";
import { fitting } from "./reading.ts";

/** Gives what has to be appended since the last look. */
export class PlainPanel {
  /** The question that was put, and the choices that were listed. */
  #put: string | undefined;
  #listed: string | undefined;

  lines(
    panel: PanelState,
    now: number,
    style: { readonly width: number; readonly theme: Theme },
  ): SafeText[] {
    const draft = shownDraft(panel);
    if (draft === undefined) {
      this.#put = undefined;
      return [];
    }
    const { id } = draft.asked;
    const lines: Line[] = [];
    const { edited } = draft;
    const put = JSON.stringify([id, edited]);
    if (put !== this.#put) {
      this.#put = put;
      this.#listed = undefined;
      lines.push([{ text: safe`${style.theme.glyphs.waiting} ${titleOf(panel, draft)}` }]);
      lines.push(...viewLines(draft, style));
    }
    const listed = JSON.stringify([draft.at, draft.problem, draft.refusing, draft.texts, draft.picks]);
    if (hears(panel, now) && listed !== this.#listed) {
      this.#listed = listed;
      if (draft.problem !== undefined) lines.push([{ text: visibleText(draft.problem) }]);
      lines.push(...choices(draft).map((text) => [{ text }]));
    }
    return lines.map(plainText);
  }
}

function titleOf(panel: PanelState, { asked }: PanelDraft): SafeText {
  const open = waiting(panel);
  const place = open.findIndex((draft) => draft.asked.id === asked.id) + 1;
  const count = open.length > 1 ? safe` (${place} of ${open.length})` : safe``;
  const state = visibleText(asked.state);
  return asked.call === undefined
    ? safe`${state} asks${count}`
    : safe`May ${state} run the tool ${visibleText(asked.call.tool)}?${count}`;
}

function choices(draft: PanelDraft): readonly SafeText[] {
  if (draft.refusing) return [safe`Why not? The line goes to the model; an empty one gives no reason.`];
  if (draft.asked.call !== undefined)
    return [
      ...LISTED.map(({ does }, at) => safe`  ${at + 1} ${safeText(does)}`),
      safe`Type a number, or other arguments as JSON:`,
    ];
  const field = draft.form.fields[draft.at];
  if (field === undefined) return [];
  const { kind, label, about, optional, path } = field;
  const name = path.length === 0 ? safe`` : safe`${visibleText(label)}: `;
  const note = about === undefined ? [] : [safe`${name}${visibleText(about)}`];
  const skips = optional ? safe`; an empty line skips it` : safe``;
  if (kind.type !== "choice")
    return [
      ...note,
      ...(kind.type === "json" ? [safe`  like ${visibleText(JSON.stringify(kind.example) ?? "")}`] : []),
      safe`${name}${safeText(fitting(kind))}${skips}`,
    ];
  return [
    ...note,
    ...kind.options.map((option, at) => safe`  ${at + 1} ${visibleText(option.label)}`),
    safe`${name}Type a number${skips}:`,
  ];
}

/**
 * The questions on a terminal that can only append: in full, with the choices as a numbered list. There no place belongs to
 * a question. So it is always the last that was said: what others say waits for the next line that is typed, what is asked
 * about is indented, and the line to answer at names the tool.
 */
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, plainText } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines } from "../terminal/width.ts";
import { LISTED } from "./approval-keys.ts";
import { hears, type PanelDraft, type PanelState, shownDraft, waiting } from "./panel-state.ts";
import { viewLines } from "./panel-view.ts";
import { fitting } from "./reading.ts";

/** Gives what has to be appended since the last look. */
export class PlainPanel {
  /** The question that was put, and the choices that were listed. */
  #put: string | undefined;
  #listed: string | undefined;
  /** Set while what others say is let through, after a command. */
  #isOpen = false;

  /** Told of a line before it is acted on. What a command says is shown at once, and a line that answers nothing is told so, each time. */
  typed(text: string): void {
    this.#isOpen = text.trimStart().startsWith("/");
    this.#listed = undefined;
  }

  /** Whether what others say has to wait. */
  holds(panel: PanelState): boolean {
    const draft = shownDraft(panel);
    return draft !== undefined && this.#put === putOf(draft) && !this.#isOpen;
  }

  /** Told that something was said after the question, which has to be put again. */
  buried(): void {
    this.#put = undefined;
  }

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
    const lines: Line[] = [];
    const put = putOf(draft);
    if (put !== this.#put) {
      this.#put = put;
      this.#listed = undefined;
      lines.push([{ text: safe`${style.theme.glyphs.waiting} ${titleOf(panel, draft)}` }]);
      const indent: Line = [{ text: safe`  ` }];
      const room = { ...style, width: Math.max(1, style.width - 2) };
      lines.push(...indentLines(viewLines(draft, room), indent, indent));
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

function putOf({ asked, edited }: PanelDraft): string {
  return JSON.stringify([asked.id, edited]);
}

function titleOf(panel: PanelState, { asked }: PanelDraft): SafeText {
  const open = waiting(panel);
  const place = open.findIndex((draft) => draft.asked.id === asked.id) + 1;
  const count = open.length > 1 ? safe` (${place} of ${open.length}; /answer lists them)` : safe``;
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
      safe`Type a number for ${visibleText(draft.asked.call.tool)}, or other arguments as JSON:`,
    ];
  const field = draft.form.fields[draft.at];
  if (field === undefined) return [];
  const { kind, label, about, optional, neededFor, path } = field;
  const name = path.length === 0 ? safe`` : safe`${visibleText(label)}: `;
  const note = about === undefined ? [] : [safe`${name}${visibleText(about)}`];
  const needed = neededFor === undefined ? safe`` : safe`; needed for ${visibleText(neededFor)}`;
  const skips = optional ? safe`${needed}; an empty line skips it` : safe``;
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

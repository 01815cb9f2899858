/**
 * Draws the panel of questions. It stands in the live region, right above the input, where nothing that a model says is
 * ever drawn; the rows that say which key does what are ours and always there, whatever the question's words are.
 */
import { fullText } from "../input/editor.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, plainText, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { padEnd, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import { APPROVAL_KEYS } from "./approval-keys.ts";
import type { Field } from "./form.ts";
import { takesV } from "./panel.ts";
import { hears, type PanelDraft, type PanelState, shownDraft, waiting, writes } from "./panel-state.ts";
import { barOf, viewLines } from "./panel-view.ts";
import { fitting } from "./reading.ts";
import { valueLines } from "./value-lines.ts";

/** The room for the panel. */
export interface PanelWindow {
  readonly width: number;
  readonly height: number;
  readonly now: number;
  readonly theme: Theme;
}

/** The rows of the panel: none without a question, one for questions that were left for later. */
export function panelLines(panel: PanelState, room: PanelWindow): readonly Line[] {
  const { width, height, theme } = room;
  const count = waiting(panel).length;
  if (count === 0 || height < 1) return [];
  const bar = barOf(theme);
  const draft = shownDraft(panel);
  if (draft === undefined) {
    const what = count === 1 ? safe`1 question waits` : safe`${count} questions wait`;
    const how = span(safe`; Enter in an empty line opens it`, theme.styles.dim);
    return [truncateLine([...mark(theme), span(what, theme.styles.waiting), how], width)];
  }
  const inner = Math.max(1, width - widthOf(plainText(bar)));
  const rows =
    panel.view === undefined
      ? question(panel, draft, { ...room, width: inner })
      : everything(panel.view, draft, { ...room, width: inner });
  return rows.slice(0, height).map((row) => truncateLine([...bar, ...row], width));
}

/** What the empty input line says while a question is shown. */
export function panelHint(panel: PanelState, now: number): SafeText {
  const draft = shownDraft(panel);
  if (draft === undefined || !hears(panel, now) || panel.view !== undefined) return safe``;
  if (draft.refusing) return safe`Why not? Enter sends it to the model`;
  const field = draft.form.fields[draft.at];
  if (draft.asked.call !== undefined || field === undefined || field.kind.type === "choice") return safe``;
  const what = safeText(fitting(field.kind));
  if (field.kind.type === "json" && !field.optional) return safe`Enter opens your editor with an example`;
  if (field.neededFor !== undefined) return safe`${what}; needed for ${visibleText(field.neededFor)}`;
  return field.optional ? safe`${what}; Enter skips it` : safe`Type ${what}`;
}

function mark({ glyphs, styles }: Theme): Line {
  return [span(safe`${glyphs.waiting} `, styles.waiting)];
}

function question(panel: PanelState, draft: PanelDraft, room: PanelWindow): readonly Line[] {
  const { width, height, theme, now } = room;
  const heard = hears(panel, now);
  const problem =
    draft.problem === undefined
      ? []
      : wrapLine([span(visibleText(draft.problem), theme.styles.failed)], width);
  const keys = heard ? keyLines(panel, draft, room) : [[span(theme.glyphs.ellipsis, theme.styles.dim)]];
  const least = 1 + keys.length + Math.min(problem.length, 2);
  const fields = draft.asked.call === undefined ? fieldLines(draft, room, Math.max(1, height - least)) : [];
  const left = height - least - fields.length;
  const subject = subjectLines(draft, room, Math.max(0, left));
  return [titleLine(panel, draft, room), ...subject, ...fields, ...problem.slice(0, 2), ...keys];
}

/** Who asks, and how many others wait. */
function titleLine(panel: PanelState, { asked }: PanelDraft, { theme, width }: PanelWindow): Line {
  const open = waiting(panel);
  const place = open.findIndex((draft) => draft.asked.id === asked.id) + 1;
  const state = visibleText(asked.state);
  const lane = laneOf(asked.path);
  const who =
    asked.call === undefined
      ? safe`${state}${lane} asks`
      : safe`May ${state}${lane} run the tool ${visibleText(asked.call.tool)}?`;
  const count = open.length > 1 ? safe`  ${place} of ${open.length}` : safe``;
  const room = Math.max(1, width - 2 - widthOf(count));
  const named = truncateLine([span(who, theme.styles.waiting)], room);
  return [...mark(theme), ...named, span(count, theme.styles.strong)];
}

/** Which branch of a fan-out it is, like ` 2`; nothing outside of one. */
export function laneOf(path: string): SafeText {
  const lane = /.*\[([^\]]*)\]/.exec(path)?.[1];
  if (lane === undefined) return safe``;
  const number = Number(lane);
  return safe` (lane ${visibleText(Number.isInteger(number) ? String(number + 1) : lane)})`;
}

/** The words of the question, or the arguments of the call, as far as there is room. */
function subjectLines(draft: PanelDraft, { theme, width }: PanelWindow, room: number): readonly Line[] {
  if (room === 0) return [];
  const { asked, edited } = draft;
  const style = { theme, width };
  const lines =
    asked.call === undefined
      ? valueLines(wordsOf(asked.prompt), { ...style, mode: "word" })
      : valueLines((edited ?? { value: asked.call.input }).value, style);
  const note: readonly Line[] =
    edited === undefined ? [] : [[span(safe`as you edited them:`, theme.styles.warning)]];
  const all = [...note, ...lines];
  if (all.length <= room) return all;
  const shown = all.slice(0, Math.max(0, room - 1));
  const more = safe`${theme.glyphs.ellipsis} ${all.length - shown.length} more rows: ${safeText(viewKey(draft))}`;
  return [...shown, [span(more, theme.styles.dim)]];
}

/** The words in a prompt, where it is an object that has some. */
export function wordsOf(prompt: unknown): unknown {
  if (typeof prompt !== "object" || prompt === null) return prompt;
  for (const name of ["question", "prompt", "message", "text", "title"]) {
    const said: unknown = Object.hasOwn(prompt, name) ? (prompt as Record<string, unknown>)[name] : undefined;
    if (typeof said === "string") return said;
  }
  return prompt;
}

function viewKey(draft: PanelDraft): string {
  return writes(draft) || takesV(draft) ? "Ctrl+O shows all" : "v shows all";
}

/** The fields around the current one, each in a row; options of a question that is one choice stand in a list. */
function fieldLines(draft: PanelDraft, room: PanelWindow, most: number): readonly Line[] {
  const { fields } = draft.form;
  const [only] = fields;
  if (fields.length === 1 && only !== undefined && only.path.length === 0)
    return only.kind.type === "choice" ? optionLines(draft, only, room, most) : [];
  const column = Math.min(
    room.width >> 1,
    Math.max(...fields.map(({ label }) => widthOf(visibleText(label)))),
  );
  const rows = fields.map((field, at) => fieldLine(draft, field, at, column, room));
  const about = fields[draft.at]?.about;
  const note =
    about === undefined
      ? []
      : indented(
          wrapLine([span(visibleText(about), room.theme.styles.dim)], Math.max(1, room.width - 4)).slice(
            0,
            2,
          ),
        );
  // The description of the current field goes before its neighbours where the window is low.
  const notes = most >= 3 ? note : [];
  const window = Math.max(1, most - notes.length);
  const top = Math.max(0, Math.min(draft.at - (window >> 1), rows.length - window));
  const shown = rows.slice(top, top + window);
  return shown.toSpliced(draft.at - top + 1, 0, ...notes);
}

function indented(rows: readonly Line[]): readonly Line[] {
  return rows.map((row) => [span(safe`    `), ...row]);
}

function fieldLine(draft: PanelDraft, field: Field, at: number, column: number, room: PanelWindow): Line {
  const { theme, width } = room;
  const current = at === draft.at;
  const name = padEnd(truncateLine([{ text: visibleText(field.label) }], column)[0]?.text ?? safe``, column);
  const look = current ? theme.styles.strong : undefined;
  const head: Line = [
    span(current ? safe`${theme.glyphs.prompt} ` : safe`  `, theme.styles.accent),
    span(name, look),
    span(safe`  `),
  ];
  return truncateLine([...head, ...valueIn(draft, field, at, theme)], width);
}

function valueIn(draft: PanelDraft, field: Field, at: number, theme: Theme): Line {
  const { kind } = field;
  const current = at === draft.at;
  const pick = draft.picks[at]!;
  if (kind.type === "choice") {
    if (!current) return [pick < 0 ? skipped(field, theme) : span(visibleText(kind.options[pick]!.label))];
    // The chosen one is always in sight, however many there are.
    const from = pick > 4 ? pick - 2 : 0;
    return kind.options
      .slice(from, from + 9)
      .flatMap((option, place) => [
        span(safe`${from + place + 1} `, theme.styles.dim),
        span(visibleText(option.label), from + place === pick ? theme.styles.accent : undefined),
        span(safe`  `),
      ]);
  }
  const text = current ? fullText(draft.editor) : draft.texts[at]!;
  return text === "" ? [skipped(field, theme)] : [span(visibleText(text))];
}

function skipped({ optional, neededFor }: Field, theme: Theme): Line[number] {
  const { dim } = theme.styles;
  if (neededFor !== undefined) return span(safe`(needed for ${visibleText(neededFor)})`, dim);
  return span(optional ? safe`(optional)` : safe`-`, dim);
}

function optionLines(
  draft: PanelDraft,
  { kind }: Field,
  { theme, width }: PanelWindow,
  most: number,
): readonly Line[] {
  if (kind.type !== "choice") return [];
  const pick = draft.picks[0]!;
  const top = Math.max(0, Math.min(pick - (most >> 1), kind.options.length - most));
  return kind.options.slice(top, top + most).map((option, place) => {
    const at = top + place;
    const sign = at === pick ? safe`${theme.glyphs.prompt} ` : safe`  `;
    return truncateLine(
      [
        span(sign, theme.styles.accent),
        span(safe`${at + 1} `, theme.styles.dim),
        span(visibleText(option.label), at === pick ? theme.styles.accent : undefined),
      ],
      width,
    );
  });
}

/** Which key does what; wrapped between two of them, and never cut. */
function keyLines(
  panel: PanelState,
  draft: PanelDraft,
  { theme, width, height }: PanelWindow,
): readonly Line[] {
  const more = waiting(panel).length > 1 ? [["Tab", "next"] as const] : [];
  const later = [["Esc", "later"] as const];
  const all = [[writes(draft) || takesV(draft) ? "Ctrl+O" : "v", "show all"] as const];
  const wide = width >= 60 && height >= 12;
  const keys = draft.refusing
    ? [["Enter", "no"] as const, ["Esc", "back"] as const]
    : draft.asked.call === undefined
      ? [...formKeys(draft), ...all, ...more, ...later]
      : [
          ...APPROVAL_KEYS.map(({ key, does, short }) => [key, wide ? does : short] as const),
          ...all,
          ...more,
          ...later,
        ];
  return flowed(keys, width, theme);
}

function formKeys(draft: PanelDraft): readonly (readonly [string, string])[] {
  const field = draft.form.fields[draft.at];
  const arrows = draft.form.fields.length > 1 ? [["↑↓", "fields"] as const] : [];
  const last = draft.at === draft.form.fields.length - 1;
  if (field?.kind.type !== "choice") return [["Enter", last ? "answer" : "next"], ...arrows];
  const letters = field.kind.options
    .slice(0, 2)
    .flatMap(({ label, value }) => (typeof value === "boolean" ? [[label[0]!, label] as const] : []));
  if (letters.length > 0) return [...letters, ...arrows];
  return [
    ["1-9", "choose"],
    [draft.form.fields.length > 1 ? "←→" : "↑↓", "move"],
    ["Enter", "take"],
    ...arrows,
  ];
}

function flowed(keys: readonly (readonly [string, string])[], width: number, theme: Theme): readonly Line[] {
  const rows: Line[] = [];
  let row: Line = [];
  let used = 0;
  for (const [key, does] of keys) {
    const cells = widthOf(key) + 1 + widthOf(does);
    if (used > 0 && used + 3 + cells > width) {
      rows.push(row);
      row = [];
      used = 0;
    }
    const gap = used > 0 ? [span(safe` ${theme.glyphs.separator} `, theme.styles.dim)] : [];
    row = [...row, ...gap, span(safeText(key), theme.styles.accent), span(safe` ${safeText(does)}`)];
    used += (used > 0 ? 3 : 0) + cells;
  }
  return row.length > 0 ? [...rows, row] : rows;
}

/** All of what is asked about, from a row on. */
function everything(from: number, draft: PanelDraft, room: PanelWindow): readonly Line[] {
  const { theme, width, height } = room;
  const lines = viewLines(draft, { theme, width });
  const page = Math.max(1, height - 1);
  const top = Math.max(0, Math.min(from, lines.length - page));
  const shown = lines.slice(top, top + page);
  const place = safe`${top + 1}-${top + shown.length} of ${lines.length}`;
  const keys = width < 44 ? safe`  ↑↓ space · v back` : safe`  ↑↓ row · space, b page · g, G end · v back`;
  return [...shown, [span(place, theme.styles.strong), span(keys, theme.styles.dim)]];
}

/** The details of one step, as lines: everything that is known of it. */
import type { AdvancerVerdict, StateWait } from "@orch/core";
import { tokensText } from "../rail/figures.ts";
import { duration } from "../terminal/duration.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { waitText } from "../terminal/wait-text.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import { errorLines } from "./error-lines.ts";
import { readJson } from "./read-json.ts";
import type { CallStep, MoveStep, RunRecord, RunStep, StateStep } from "./run-record.ts";
import type { RunRow } from "./run-rows.ts";
import { addedTo, conditionOf, lookOf, nameOf, oneLine, reasonOfMove } from "./step-look.ts";
import { type ValueStyle, valueLines } from "./value-lines.ts";

/** Draws the details of a row. */
export function stepDetails({ step, parent }: RunRow, style: ValueStyle, now: number): readonly Line[] {
  const title = titleOf(step, parent, style, now);
  switch (step.type) {
    case "state":
      return [...title, ...stateDetails(step, style)];
    case "move":
      return [...title, ...moveDetails(step, style)];
    case "call":
      return [...title, ...callDetails(step, style)];
    case "question":
      return [
        ...title,
        ...section(safe`Question`, wrapLine([{ text: promptText(step.prompt) }], style.width), style),
        ...(isPlainText(step.prompt) ? [] : valueSection(safe`Prompt`, step.prompt, style)),
        ...(step.schema === undefined ? [] : valueSection(safe`An answer looks like`, step.schema, style)),
        ...(step.answer === undefined ? [] : valueSection(safe`Answer`, step.answer.value, style)),
      ];
    case "skip":
      return [
        ...title,
        ...wrapLine([{ text: safe`This branch did not run: its condition did not hold.` }], style.width),
      ];
    case "note":
      return title;
  }
}

/** The details of a run that has no step yet, or of the whole of it. */
export function runDetails(run: RunRecord, style: ValueStyle): readonly Line[] {
  return [
    ...(run.error === undefined ? [] : section(safe`Error`, errorLines(run.error, style), style)),
    ...(run.reason === undefined ? [] : valueSection(safe`Cancelled`, run.reason, style)),
    ...valueSection(safe`Input`, run.input, style),
    ...(run.output === undefined ? [] : valueSection(safe`Output`, run.output.value, style)),
  ];
}

function titleOf(
  step: RunStep,
  parent: StateStep | undefined,
  { width, theme }: ValueStyle,
  now: number,
): readonly Line[] {
  const { glyph, role, label, took } = lookOf(step, parent, now);
  const head =
    step.type === "move" ? safe`${oneLine(step.from)} ${theme.glyphs.into} ${oneLine(step.to)}` : label;
  const line: Line = [
    ...(step.type === "move" ? [] : [span(safe`${theme.glyphs[glyph]} `, theme.styles[role])]),
    span(head, theme.styles.strong),
    span(took === "" ? safe`` : safe`  ${took}`, theme.styles.dim),
  ];
  return wrapLine(line, width);
}

function stateDetails(step: StateStep, style: ValueStyle): readonly Line[] {
  const { attempts, error, input, output, text, wait } = step;
  const said = text.trim();
  return [
    ...wrapLine([span(figuresOf(step), style.theme.styles.dim)], style.width),
    ...(error === undefined ? [] : section(safe`Error`, errorLines(error, style), style)),
    ...(attempts.length === 0 ? [] : section(safe`Failed attempts`, attemptLines(step, style), style)),
    ...(wait === undefined ? [] : waitSections(wait, style)),
    ...valueSection(safe`Input`, input, style),
    ...(output === undefined ? [] : valueSection(safe`Output`, output.value, style)),
    ...(said === "" || said === output?.value
      ? []
      : section(safe`What it said`, wrapLine([{ text: safeText(said) }], style.width), style)),
    ...insideSection(step, style),
  ];
}

function waitSections(wait: StateWait, style: ValueStyle): readonly Line[] {
  const { schema } = wait;
  return [
    ...section(safe`Wait`, wrapLine([span(waitText(wait))], style.width), style),
    ...(schema === undefined ? [] : valueSection(safe`The signal looks like`, schema, style)),
  ];
}

function figuresOf({ kind, visit, path, time, tokens, isEstimated, cost, models }: StateStep): SafeText {
  const parts = [
    safeText(kind),
    safe`visit ${visit}`,
    ...(time > 0 ? [safeText(`at ${clockTime(time)}`)] : []),
    ...(tokens > 0 ? [safe`${tokensText({ tokens, ...(isEstimated && { isEstimated }) })} tokens`] : []),
    ...(cost > 0 ? [safeText(`$${cost.toFixed(4)}`)] : []),
    ...models.map(oneLine),
    oneLine(path),
  ];
  return safeText(parts.join(" · "));
}

/** A time of day, with seconds. */
export function clockTime(time: number): string {
  const at = new Date(time);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

function attemptLines({ attempts }: StateStep, style: ValueStyle): readonly Line[] {
  const { theme } = style;
  return attempts.flatMap(({ attempt, delay, error }) => {
    const head = span(
      safe`${theme.glyphs.retry} attempt ${attempt}, again after ${duration(delay)}`,
      theme.styles.retry,
    );
    return [[head], ...inset(errorLines(error, narrower(style)))];
  });
}

/** What is inside, by name: each is a row of its own. */
function insideSection(step: StateStep, style: ValueStyle): readonly Line[] {
  const inside = step.inside.filter(({ type }) => type === "state" || type === "call");
  if (inside.length === 0) return [];
  const { theme, width } = style;
  const lines = inside.flatMap((each) => {
    const { glyph, role, label, note } = lookOf(each, step, each.time);
    const line = [
      span(safe`${theme.glyphs[glyph]} `, theme.styles[role]),
      span(label),
      span(safe`  ${note}`, theme.styles.dim),
    ];
    return wrapLine(line, width).slice(0, 2);
  });
  return section(safe`Inside`, lines, style);
}

function moveDetails(step: MoveStep, style: ValueStyle): readonly Line[] {
  const { theme, width } = style;
  const verdicts = step.advancers.flatMap((advancer) => {
    const { glyph, look, says } = VERDICTS[advancer.verdict];
    const line: Line = [
      span(safe`${theme.glyphs[glyph]} `, theme.styles[look]),
      span(safe`${theme.glyphs.into} ${oneLine(advancer.to)}  `),
      span(conditionOf(advancer), theme.styles.strong),
      span(safe`  ${says}`, theme.styles.dim),
    ];
    return indentLines(wrapLine(line, width), [], [{ text: safe`  ` }]);
  });
  return [
    ...wrapLine([span(reasonOfMove(step), theme.styles.dim)], width),
    ...(step.error === undefined ? [] : section(safe`Error`, errorLines(step.error, style), style)),
    ...(step.added === undefined ? [] : valueSection(addedTo(step.added), step.added.fields, style)),
    ...(verdicts.length === 0 ? [] : section(safe`Conditions, in the order they are asked`, verdicts, style)),
  ];
}

const VERDICTS = {
  taken: { glyph: "done", look: "done", says: safe`taken` },
  declined: { glyph: "failed", look: "failed", says: safe`declined: it did not hold` },
  "not-asked": { glyph: "idle", look: "idle", says: safe`not asked: an earlier one was taken` },
} as const satisfies Record<AdvancerVerdict["verdict"], unknown>;

function callDetails({ name, input, result, inside }: CallStep, style: ValueStyle): readonly Line[] {
  const { theme } = style;
  const lines = inside.map((each): Line => {
    const { glyph, role, label } = lookOf(each, undefined, each.time);
    return [span(safe`${theme.glyphs[glyph]} `, theme.styles[role]), span(label)];
  });
  return [
    [span(safe`tool ${oneLine(name)}`, theme.styles.dim)],
    ...valueSection(safe`Arguments`, input, style),
    ...(result === undefined ? [] : valueSection(safe`Result`, parsed(result), style)),
    ...(lines.length === 0 ? [] : section(safe`Inside`, lines, style)),
  ];
}

/** A result that is JSON reads better as a value. */
function parsed(result: string): unknown {
  const isValue = /^\s*[[{]/.test(result);
  return isValue ? (readJson(result)?.value ?? result) : result;
}

function isPlainText(prompt: unknown): boolean {
  return typeof prompt === "string";
}

function valueSection(title: SafeText, value: unknown, style: ValueStyle): readonly Line[] {
  return section(title, valueLines(value, style), style);
}

function section(title: SafeText, lines: readonly Line[], { theme }: ValueStyle): readonly Line[] {
  return [[], [span(title, theme.styles.heading)], ...lines];
}

function narrower(style: ValueStyle): ValueStyle {
  return { ...style, width: Math.max(8, style.width - 2) };
}

function inset(lines: readonly Line[]): readonly Line[] {
  const margin: Line = [{ text: safe`  ` }];
  return indentLines(lines, margin, margin);
}

/** What a row is for `/state` and for whoever copies it: its name. */
export function rowName({ step, parent }: RunRow): SafeText {
  return step.type === "state" || step.type === "skip"
    ? nameOf(step, parent)
    : lookOf(step, parent, step.time).label;
}

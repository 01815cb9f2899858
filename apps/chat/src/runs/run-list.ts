/** `orch runs` and `orch inbox`: what is under way in the folder, and what waits for a person. */

import { age } from "../sessions/age.ts";
import { shortEnd } from "../sessions/short-id.ts";
import { wantedBy } from "../sessions/wanted-by.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { waitText } from "../terminal/wait-text.ts";
import { padEnd, widthOf } from "../terminal/width.ts";
import {
  askedBy,
  type FolderRun,
  type RunSpent,
  shortNames,
  type WaitingQuestion,
  type WaitingSignal,
} from "./folder-runs.ts";
import { namesOf } from "./run-code.ts";
import { type RunStanding, standingText } from "./run-standing.ts";

/** A run that is listed, and where it stands. */
export interface StandingRun extends RunStanding {
  readonly of: FolderRun;
}

/** Characters of a message or a reason that are shown. */
const MAX_TEXT = 60;

/** The runs as rows for people. `ids` are all ids that a short one must not stand for. */
export function runRows(runs: readonly StandingRun[], ids: readonly string[], now: number): SafeText {
  const rows = runs.map((one) => {
    const { run, id, answers } = one.of;
    return [
      shortId(id, ids),
      cut(standingText(one)),
      age(now - run.updatedAt),
      safeText(nameOf(one.of)),
      answers === undefined
        ? safe`of a client of orch serve`
        : safe`session ${safeText(answers.session.id.slice(-6))}: ${cut(visibleText(askedBy(one.of)))}`,
    ];
  });
  return tableOf(rows);
}

/** The runs as data for programs. */
export function runFacts(
  runs: readonly StandingRun[],
  spent: ReadonlyMap<string, RunSpent>,
): readonly object[] {
  return runs.map(({ of, standing, states, questions, signals, driver, reason }) => ({
    run: of.id,
    ...placeOf(of),
    ...namesOf(of),
    standing,
    states,
    questions,
    ...(signals !== undefined && { signals }),
    ...(driver !== undefined && { driver }),
    ...(reason !== undefined && { reason }),
    ...(of.answers && { message: askedBy(of) }),
    startedAt: of.run.createdAt,
    updatedAt: of.run.updatedAt,
    ...spent.get(of.run.runId),
  }));
}

/** What the rows of the inbox are made from, besides the questions. */
export interface InboxFacts {
  /** All ids that a short one must not stand for. */
  readonly ids: readonly string[];
  readonly now: number;
  /** Numbers by the names of questions; empty where none are kept. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** The questions for people: each with a number and a name to answer it by, and its whole prompt below, where it cannot pass for a row. */
export function inboxRows(asked: readonly WaitingQuestion[], { ids, now, numbers }: InboxFacts): SafeText {
  const names = shortNames(asked);
  const column = Math.max(...[...numbers.values()].map((number) => String(number).length));
  const blocks = asked.map(({ of, question, name }, at) => {
    const number = numbers.get(name);
    const called = number === undefined ? safe`` : safe`${safeText(String(number).padStart(column))}  `;
    const since = question.askedAt > 0 ? age(now - question.askedAt) : age(now - of.run.updatedAt);
    const place = safe`${safeText(nameOf(of))}, run ${shortId(of.id, ids)}`;
    const by = of.run.holder === undefined ? safe`nobody runs it` : safeText(of.run.holder.name);
    const prompt = visibleText(promptText(question.prompt), { multiline: true }).split("\n");
    const lines = prompt.map((line) => safe`    ${safeText(line)}\n`);
    const { schema } = question;
    const form = schema === undefined ? safe`` : safe`    Takes ${visibleText(wantedBy(schema))}.\n`;
    return safe`${called}${safeText(names[at]!)}  ${since}  ${place}, ${by}\n${safeText(lines.join(""))}${form}`;
  });
  return safeText(blocks.join(""));
}

/** The questions as data for programs, which may draw a form of the schema. */
export function inboxFacts(
  asked: readonly WaitingQuestion[],
  numbers: ReadonlyMap<string, number>,
): readonly object[] {
  const names = shortNames(asked);
  return asked.map(({ name, of, question: { id, prompt, askedAt, schema } }, at) => ({
    ...(numbers.has(name) && { number: numbers.get(name) }),
    question: names[at],
    name,
    id,
    run: of.id,
    ...placeOf(of),
    orchestration: nameOf(of),
    prompt,
    ...(schema !== undefined && { schema }),
    askedAt: askedAt > 0 ? askedAt : of.run.updatedAt,
    ...(of.run.holder !== undefined && { driver: of.run.holder.name }),
  }));
}

/** The signals that runs wait for, for people: each with the command that sends one, and what it takes. */
export function signalRows(waiting: readonly WaitingSignal[], ids: readonly string[]): SafeText {
  const blocks = waiting.map(({ of, wait }) => {
    const short = shortId(of.id, ids);
    const by = of.run.holder === undefined ? safe`nobody runs it` : safeText(of.run.holder.name);
    const { schema } = wait;
    const form = schema === undefined ? safe`` : safe`    Takes ${visibleText(wantedBy(schema))}.\n`;
    const kind = cut(visibleText(wait.signal!));
    const state = cut(visibleText(wait.state));
    return safe`${state} of ${safeText(nameOf(of))}, run ${short}, ${by}, ${waitText(wait)}\n${form}    Send one with: orch signal ${short} ${kind} <value>\n`;
  });
  return safeText(blocks.join(""));
}

/** The signals that runs wait for, as data for programs. */
export function signalFacts(waiting: readonly WaitingSignal[]): readonly object[] {
  return waiting.map(({ of, wait }) => ({
    ...wait,
    run: of.id,
    ...placeOf(of),
    orchestration: nameOf(of),
    ...(of.run.holder !== undefined && { driver: of.run.holder.name }),
  }));
}

/** As much of a run's id as tells it apart. */
export function shortId(runId: string, ids: readonly string[]): SafeText {
  return safeText(shortEnd(runId, ids));
}

/** What the user calls the orchestration; of a typed run its id. */
function nameOf(of: FolderRun): string {
  return namesOf(of).orchestration;
}

function placeOf({ answers }: FolderRun): { readonly session?: string } {
  return answers === undefined ? {} : { session: answers.session.id };
}

function cut(text: SafeText): SafeText {
  const characters = [...text];
  return characters.length <= MAX_TEXT ? text : safeText(`${characters.slice(0, MAX_TEXT - 1).join("")}…`);
}

function tableOf(rows: readonly (readonly SafeText[])[]): SafeText {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))));
  const lines = rows.map((row) =>
    row.map((text, column) => (column === row.length - 1 ? text : padEnd(text, widths[column]!))).join("  "),
  );
  return safeText(lines.map((line) => `${line}\n`).join(""));
}

/** `/answer`: what waits in this chat for an answer, whichever run asks, and the answer to one of them. */
import { isOrchError } from "@orch/core";
import { AnswerUnfitError } from "../errors/answer-unfit-error.ts";
import { answerWords, askedWords, issueWords } from "../questions/answer-words.ts";
import { chosenQuestion, type NumberedQuestion, QuestionNumbers } from "../questions/numbered-questions.ts";
import { laneOf } from "../questions/panel-lines.ts";
import { shortStart } from "../sessions/short-id.ts";
import { wantedBy } from "../sessions/wanted-by.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Entry, errorEntry, noticeEntry, type Tone } from "../transcript/entry.ts";
import type { Answer } from "./answer.ts";

/** A turn that may ask. */
export interface AskingTurn {
  readonly answer: Answer;
  /** What the user calls it, and its number in the background; absent for the one that is drawn. */
  readonly behind?: { readonly title: SafeText; readonly number: number };
}

interface Waiting extends NumberedQuestion {
  readonly turn: AskingTurn;
}

/** Questions that one run asks at once and that are said in full; the list has the others. */
const SAID_AT_ONCE = 3;

/** The questions of one chat. */
export class AnswerDesk {
  readonly #turns: () => readonly AskingTurn[];
  readonly #print: (entry: Entry) => void;
  readonly #numbers = new QuestionNumbers();
  /** The names of those in the background that were said in a line. */
  readonly #said = new Set<string>();

  constructor(turns: () => readonly AskingTurn[], print: (entry: Entry) => void) {
    this.#turns = turns;
    this.#print = print;
  }

  get #open(): readonly Waiting[] {
    return this.#turns().flatMap((turn) => this.#of(turn));
  }

  #of(turn: AskingTurn): readonly Waiting[] {
    const { answer, behind } = turn;
    return answer.questions.shown.map((asked) => ({
      ...this.#numbers.of(answer.id, asked.id),
      ...{ asked, turn, isBehind: behind !== undefined },
    }));
  }

  /** Their numbers and what they ask, for completion. */
  get values(): readonly { readonly value: string; readonly description: string }[] {
    return this.#open.map((one) => ({ value: String(one.number), description: wordsOf(one) }));
  }

  /** Answers the question that `typed` begins with, or the only one; lists all for an empty text. Never rejects. */
  async answer(typed: string): Promise<void> {
    const open = this.#open;
    if (open.length === 0 && !this.#numbers.knows(typed.split(/\s/, 1)[0] ?? ""))
      return this.#say(safe`No question waits for an answer.`, "warning");
    const chosen = chosenQuestion(typed, open, this.#numbers.knows);
    switch (chosen.type) {
      case "answer":
        return this.#give(chosen.question, chosen.text);
      case "list":
        return this.#list(open);
      case "bare":
        return this.#say(
          safe`No answer was given: /answer ${chosen.question.number} <value> takes ${takes(chosen.question)}.`,
          "warning",
        );
      case "which":
        return this.#list(open, safe`Say which question it is for.`);
      case "shared":
        return this.#list(open, safe`“${visibleText(chosen.word)}” is the beginning of several.`);
      case "none":
        return this.#list(open, noneText(chosen, open, typed));
    }
  }

  /** Says in lines what a run in the background asks that was not said yet; all of it, where the run has just been left there. */
  tell(turn: AskingTurn, justLeft = false): void {
    const { behind } = turn;
    if (behind === undefined) return;
    const all = this.#of(turn);
    const fresh = all.filter(({ name }) => justLeft || !this.#said.has(name));
    for (const { name } of all) this.#said.add(name);
    for (const one of fresh.slice(0, SAID_AT_ONCE))
      this.#say(
        safe`In the background ${behind.title} asks: ${wordsOf(one)} /answer ${one.number} <value>, or /fg ${behind.number}`,
        "waiting",
      );
    const more = fresh.length - SAID_AT_ONCE;
    if (more > 0)
      this.#say(safe`In the background ${behind.title} asks ${more} more: /answer lists them.`, "waiting");
  }

  async #give({ number, asked, turn }: Waiting, text: string): Promise<void> {
    try {
      const value = await turn.answer.give(asked.id, text);
      if (turn.behind !== undefined)
        this.#say(safe`Question ${number} is answered: ${answerWords(asked, value, false)}`, "done");
    } catch (error) {
      // A question that was closed in the meantime already shows its end on the screen.
      if (!turn.answer.questions.shown.includes(asked)) return;
      this.#print(
        errorEntry(isOrchError(error, "ORCH_INVALID_ANSWER") ? unfit(number, asked, error) : error),
      );
    }
  }

  #list(open: readonly Waiting[], problem?: SafeText): void {
    if (problem !== undefined) this.#say(problem, "warning");
    if (open.length === 0) return;
    const names = open.map(({ name }) => name);
    for (const one of open) {
      const { number, name, asked, turn } = one;
      const who = turn.behind?.title ?? safe`here`;
      const state = safe`${visibleText(asked.state)}${laneOf(asked.path)}`;
      this.#say(
        safe`${number}  ${safeText(shortStart(name, names))}  ${who}, ${state}: ${wordsOf(one)} Takes ${takes(one)}.`,
        "waiting",
      );
    }
    this.#say(safe`/answer <number or id> <value> answers one of them.`, "dim");
  }

  #say(text: SafeText, tone: Tone): void {
    this.#print(noticeEntry(text, tone));
  }
}

function unfit(
  number: number,
  asked: Waiting["asked"],
  error: { readonly facts: { readonly issues: Parameters<typeof issueWords>[0] } },
): AnswerUnfitError {
  const { problem } = issueWords(error.facts.issues);
  return new AnswerUnfitError(
    { question: String(number), wanted: takes({ asked }), problem },
    { cause: error },
  );
}

function noneText(
  { word, gone }: { readonly word: string; readonly gone: boolean },
  open: readonly Waiting[],
  typed: string,
): SafeText {
  const named = visibleText(word);
  if (gone)
    return safe`Question ${named} does not wait here any more: it was answered, closed, or left with its run (orch inbox).`;
  const behind = open.filter(({ isBehind }) => isBehind);
  const says = safe`No question ${named} waits.`;
  const [only] = behind;
  if (only === undefined || behind.length > 1) return says;
  return safe`${says} To answer with that text: /answer ${only.number} ${visibleText(typed.trim())}`;
}

/** The question in one line. */
function wordsOf({ asked }: Waiting): SafeText {
  return visibleText(askedWords(asked).replaceAll(/\s+/g, " ").trim());
}

function takes({ asked: { call, schema } }: Pick<Waiting, "asked">): SafeText {
  if (call !== undefined) return safe`yes or no`;
  return schema === undefined ? safe`a value that fits` : visibleText(wantedBy(schema));
}

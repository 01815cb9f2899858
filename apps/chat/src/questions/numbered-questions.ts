/** The questions that wait in a chat, each with a number and an id to answer it by, and which of them a typed text is for. */
import { questionName } from "../sessions/short-id.ts";
import type { Asked } from "./asked.ts";

/** A question, and what it is called by. */
export interface NumberedQuestion {
  /** Its own for as long as the chat is open: a question that is closed leaves its number to no other. */
  readonly number: number;
  /** The name that `orch inbox` gives it too; a start of it is enough. */
  readonly name: string;
  readonly asked: Asked;
  /** Whether the run that asks is in the background; another one has the panel, where nothing has to be named. */
  readonly isBehind: boolean;
}

/** Gives numbers to questions in the order in which they are named. */
export class QuestionNumbers {
  readonly #names: string[] = [];

  /** The number of a question of a run, and its name. */
  of(runId: string, question: string): Pick<NumberedQuestion, "number" | "name"> {
    const name = questionName(runId, question);
    if (!this.#names.includes(name)) this.#names.push(name);
    return { number: this.#names.indexOf(name) + 1, name };
  }

  /** Whether a word has named a question of this chat, also one that is closed. */
  readonly knows = (word: string): boolean =>
    isNumber(word)
      ? Number(word) >= 1 && Number(word) <= this.#names.length
      : isId(word) && this.#names.some((name) => name.startsWith(word));
}

/** Which question a typed text is for, and the answer in it. */
export type ChosenQuestion<Question> =
  | { readonly type: "answer"; readonly question: Question; readonly text: string }
  /** Nothing was typed. */
  | { readonly type: "list" }
  /** No answer follows the name. */
  | { readonly type: "bare"; readonly question: Question }
  /** It has to be said which. */
  | { readonly type: "which" }
  /** The name is that of several. */
  | { readonly type: "shared"; readonly word: string }
  /** The name is that of none; `gone` tells that it was one's before. */
  | { readonly type: "none"; readonly word: string; readonly gone: boolean };

/**
 * Reads `[number or id] <value>`. Without a name it is for the only question of the background; a number in front is always
 * a name, so that no answer reaches another question than the one that was meant.
 */
export function chosenQuestion<Question extends NumberedQuestion>(
  typed: string,
  open: readonly Question[],
  knows: (word: string) => boolean,
): ChosenQuestion<Question> {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(typed.trim()) ?? [];
  if (word === "") return { type: "list" };
  const behind = open.filter(({ isBehind }) => isBehind);
  const only = behind.length === 1 ? behind[0] : undefined;
  // A number alone is an answer where there is no doubt about the question.
  if (only !== undefined && rest === "" && isNumber(word))
    return { type: "answer", question: only, text: word };
  const named = open.filter(({ number, name }) =>
    isNumber(word) ? number === Number(word) : isId(word) && name.startsWith(word),
  );
  if (named.length > 1) return { type: "shared", word };
  const [question] = named;
  if (question !== undefined)
    return rest === "" ? { type: "bare", question } : { type: "answer", question, text: rest };
  if (knows(word)) return { type: "none", word, gone: true };
  if (isNumber(word) && rest !== "") return { type: "none", word, gone: false };
  if (only !== undefined) return { type: "answer", question: only, text: typed.trim() };
  return rest === "" || !isId(word) ? { type: "which" } : { type: "none", word, gone: false };
}

function isNumber(word: string): boolean {
  return /^\d{1,3}$/.test(word);
}

/** As much of a name as is ever shown. */
function isId(word: string): boolean {
  return /^[\da-z]{4,}$/.test(word);
}

/** Lets a command ask who sits before the screen, one question after the other. */
import type { DeskQuestion } from "../commands/desk-question.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, type Entry, noticeEntry, userEntry } from "../transcript/entry.ts";
import type { AppAction } from "./app-state.ts";

/** The part of the chat that a dialog uses. */
export interface DialogDoors {
  readonly print: (entry: Entry) => void;
  readonly dispatch: (action: AppAction) => void;
}

/** The questions of commands. */
export class Dialog {
  readonly #doors: DialogDoors;
  #open:
    | { readonly question: DeskQuestion; readonly resolve: (text: string | undefined) => void }
    | undefined;

  constructor(doors: DialogDoors) {
    this.#doors = doors;
  }

  /** Asks, and resolves to the answer without spaces around it; to `undefined` where the user leaves. */
  readonly ask = (question: DeskQuestion): Promise<string | undefined> => {
    this.reply(undefined);
    const doors = this.#doors;
    doors.print(EMPTY_LINE);
    doors.print(noticeEntry(question.text, "waiting"));
    const { choices = [] } = question;
    const digits = String(choices.length).length;
    for (const [at, choice] of choices.entries())
      doors.print(
        noticeEntry(safe`  ${safeText(String(at + 1).padStart(digits))} ${safeText(choice)}`, "plain"),
      );
    return new Promise((resolve) => {
      this.#open = { question, resolve };
      doors.dispatch({ type: "ask", hidden: question.hidden === true });
    });
  };

  /** Takes the answer. A hidden one is shown to nobody. */
  reply(text: string | undefined): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const isShown = text !== undefined && text !== "" && open.question.hidden !== true;
    if (isShown) this.#doors.print(userEntry(text));
    open.resolve(text?.trim());
  }
}

/** A list to choose from that fills the window: what is typed narrows it, arrows move, Enter takes. */

import type { KeyPress } from "../input/key-chunk.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { truncateLine } from "../terminal/width.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import type { FullScreen, FullScreenFrame, FullScreenView } from "./full-screen-view.ts";

/** One thing that can be chosen. */
export interface Choosable<TValue> {
  readonly value: TValue;
  readonly label: SafeText;
  readonly note: SafeText;
}

/** Gives the choices for what is typed. */
export type FindChoices<TValue> = (words: string) => Promise<readonly Choosable<TValue>[]>;

/** Rows that are no choices: the title, the typed words, and the hints. */
const OTHER_ROWS = 4;

/** A list of choices. `chosen` has the value after the view was closed by Enter. */
export class ChoiceView<TValue> implements FullScreenView {
  chosen: TValue | undefined;
  readonly #title: SafeText;
  readonly #find: FindChoices<TValue>;
  #words: string;
  #choices: readonly Choosable<TValue>[] | undefined;
  #at = 0;
  #asked = 0;
  #rows = 1;

  constructor(title: SafeText, find: FindChoices<TValue>, words = "") {
    this.#title = title;
    this.#find = find;
    this.#words = words;
  }

  readonly opened = (screen: FullScreen): (() => void) => {
    this.#search(screen);
    return () => {
      this.#asked = -1;
    };
  };

  readonly draw = ({ columns, rows }: WindowSize): FullScreenFrame => {
    this.#rows = Math.max(1, rows - 1 - OTHER_ROWS);
    const choices = this.#choices ?? [];
    const start = Math.max(0, Math.min(this.#at - (this.#rows >> 1), choices.length - this.#rows));
    const shown = choices.slice(start, start + this.#rows);
    const lines: Line[] = [
      [span(safe` ${this.#title}`, { bold: true })],
      [span(safe` search: ${visibleText(this.#words)}`)],
      [],
      ...shown.map(({ label, note }, row): Line => {
        const here = start + row === this.#at;
        return [
          span(here ? safe` > ` : safe`   `, { bold: true }),
          span(label, here ? { bold: true } : {}),
          span(safe`  ${note}`, { dim: true }),
        ];
      }),
    ];
    if (this.#choices !== undefined && choices.length === 0)
      lines.push([span(safe`   nothing fits`, { dim: true })]);
    const place = choices.length === 0 ? safe`` : safe`${this.#at + 1} of ${choices.length}   `;
    lines.push([span(safe` ${place}Up, Down choose   Enter takes   Esc leaves`, { dim: true })]);
    return { lines: lines.map((line) => truncateLine(line, columns - 1)) };
  };

  readonly press = ({ input, key }: KeyPress, screen: FullScreen): void => {
    if (key.escape === true) screen.close();
    else if (key.return === true) this.#take(screen);
    else if (key.upArrow === true) this.#move(-1);
    else if (key.downArrow === true) this.#move(1);
    else if (key.pageUp === true) this.#move(-this.#rows);
    else if (key.pageDown === true) this.#move(this.#rows);
    else if (key.backspace === true || key.delete === true)
      this.#type([...this.#words].slice(0, -1).join(""), screen);
    else if (key.ctrl === true && input === "u") this.#type("", screen);
    else if (input !== "" && key.ctrl !== true && key.meta !== true) this.#type(this.#words + input, screen);
  };

  readonly paste = (text: string, screen: FullScreen): void =>
    this.#type(`${this.#words}${safeText(text).replace(/\s+/gu, " ")}`, screen);

  #take(screen: FullScreen): void {
    this.chosen = this.#choices?.[this.#at]?.value;
    if (this.chosen !== undefined) screen.close();
  }

  #move(by: number): void {
    this.#at = Math.max(0, Math.min(this.#at + by, (this.#choices?.length ?? 0) - 1));
  }

  #type(words: string, screen: FullScreen): void {
    this.#words = words;
    this.#search(screen);
  }

  /** A search that was asked for later counts, whichever ends first. */
  #search(screen: FullScreen): void {
    this.#asked += 1;
    const asked = this.#asked;
    const found = (choices: readonly Choosable<TValue>[]): void => {
      if (asked !== this.#asked) return;
      this.#choices = choices;
      this.#at = 0;
      screen.changed();
    };
    // Of a store that cannot be read the command tells that comes next.
    void this.#find(this.#words).then(found, () => found([]));
  }
}

/** The runs that go on while the conversation does, and those that were left by an earlier program. */
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import type { Answer } from "./answer.ts";
import type { HeldPrint } from "./held-print.ts";

/** One of them. */
export interface BackgroundRun {
  /** Its name for who sits before the screen. */
  readonly number: number;
  readonly turnId: string;
  /** What the user asked. */
  readonly message: string;
  /** The turn that runs, and what it has printed; absent for a run that nobody drives here. */
  readonly going?: { readonly answer: Answer; readonly printed: HeldPrint };
}

/** What the status line tells of them. */
export interface BackgroundFacts {
  readonly count: number;
  /** How many of them ask something. */
  readonly waiting: number;
}

/** Characters of a message that are shown. */
const MAX_TITLE = 40;

/** All of them, oldest first. */
export class Background {
  #runs: readonly BackgroundRun[] = [];
  #count = 0;

  get facts(): BackgroundFacts {
    return { count: this.#runs.length, waiting: this.#asking().length };
  }

  get numbers(): readonly number[] {
    return this.#runs.map(({ number }) => number);
  }

  add(run: Omit<BackgroundRun, "number">): BackgroundRun {
    // Numbers begin anew when none is left, so that they stay short.
    this.#count = this.#runs.length === 0 ? 1 : this.#count + 1;
    const added = { ...run, number: this.#count };
    this.#runs = [...this.#runs, added];
    return added;
  }

  remove({ turnId }: BackgroundRun): void {
    this.#runs = this.#runs.filter((run) => run.turnId !== turnId);
  }

  /** The run of a number; the newest one for an empty name. */
  find(named: string): BackgroundRun | undefined {
    return named === "" ? this.#runs.at(-1) : this.#runs.find(({ number }) => String(number) === named);
  }

  of(answer: Answer): BackgroundRun | undefined {
    return this.#runs.find(({ going }) => going?.answer === answer);
  }

  /** Those that go on here, oldest first. */
  get going(): readonly (BackgroundRun & Required<Pick<BackgroundRun, "going">>)[] {
    return this.#runs.flatMap((run) => (run.going === undefined ? [] : [{ ...run, going: run.going }]));
  }

  #asking(): readonly BackgroundRun[] {
    return this.#runs.filter(({ going }) => going?.answer.questions.shown.length);
  }
}

/** What was asked, in short. */
export function titleOf({ message }: BackgroundRun): SafeText {
  const line = [...message.replaceAll(/\s+/g, " ").trim()];
  const cut = line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1).join("")}…` : line.join("");
  return safe`“${visibleText(cut)}”`;
}

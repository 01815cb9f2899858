/** Lends the terminal out: to the shell when the program is stopped, and to a program or a view that the chat starts. */
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import type { Drawer } from "../terminal/drawer.ts";

/** A signal to stop is not carried out where nobody could let the process go on. Then it goes on by itself, after this many milliseconds. */
const UNSTOPPED = 250;

/** What is told of the terminal. */
export interface SuspensionListener {
  /** Somebody else has the terminal from now on, or no more: what is on the screen is not the conversation's to erase. */
  readonly lent: (lent: boolean) => void;
}

/** Owns the terminal's modes in every change between the chat, the shell, other programs, and views that fill the window. */
export class Suspension {
  readonly #context: InteractiveContext;
  readonly #listener: SuspensionListener;
  readonly #endContinue: () => void;
  #endStop: () => void;
  /** Who draws, the conversation first. The last one has the terminal, or has lent it to the next. */
  #drawers: readonly Drawer[] = [];
  /** How many of them have lent the terminal. */
  #lent = 0;
  #goOn: (() => void) | undefined;

  constructor(context: InteractiveContext, listener: SuspensionListener) {
    this.#context = context;
    this.#listener = listener;
    this.#endStop = context.job.onStop(() => void this.stop());
    this.#endContinue = context.job.onContinue(() => this.#continued());
  }

  /** Whether the conversation has lent the terminal, and with it the keys that stop a program. */
  get lent(): boolean {
    return this.#lent > 0;
  }

  /** Whether nobody of this program draws. */
  get isAway(): boolean {
    return this.#lent >= this.#drawers.length;
  }

  /** Told who draws from now on, over who did so far; gives the way to say that this is over. */
  readonly drawnBy = (drawer: Drawer): (() => void) => {
    this.#drawers = [...this.#drawers, drawer];
    return () => {
      this.#drawers = this.#drawers.filter((each) => each !== drawer);
    };
  };

  /** Stops the program as Ctrl-Z does, and resolves when it goes on. */
  readonly stop = async (): Promise<void> => {
    // A program that has the terminal was stopped too, and takes care of its own modes.
    if (this.isAway) await this.#sleep();
    else await this.lend(() => this.#sleep());
  };

  /** Lends the terminal while `act` runs, and gives its value; `undefined` where another program has the terminal. */
  readonly lend = async <TValue>(act: () => Promise<TValue>): Promise<TValue | undefined> => {
    const drawer = this.#drawers.at(-1);
    if (this.isAway || drawer === undefined) return undefined;
    this.#lent++;
    if (this.#lent === 1) this.#listener.lent(true);
    let value: TValue | undefined;
    try {
      await drawer.suspend(async () => {
        value = await act();
      });
    } finally {
      this.#lent--;
      if (this.#lent === 0) this.#listener.lent(false);
    }
    return value;
  };

  /** Ends listening to signals. */
  close(): void {
    this.#endStop();
    this.#endContinue();
  }

  async #sleep(): Promise<void> {
    const { clock, job } = this.#context;
    // Without a listener the signal has its usual effect.
    this.#endStop();
    await new Promise<void>((resolve) => {
      const end = clock.after(UNSTOPPED, resolve);
      this.#goOn = () => {
        end();
        resolve();
      };
      job.stop();
    });
    this.#goOn = undefined;
    this.#endStop = job.onStop(() => void this.stop());
  }

  #continued(): void {
    if (this.#goOn !== undefined) this.#goOn();
    // Stopped from outside by a signal that no program hears: the shell had the terminal meanwhile.
    else if (!this.isAway) this.#reclaim();
  }

  #reclaim(): void {
    const { stdin, stdout } = this.#context;
    // Node remembers the mode that it set, and sets it again only after another.
    stdin.setRawMode?.(false);
    stdin.setRawMode?.(true);
    stdout.write("\u001b[?2004h");
    this.#drawers.at(-1)?.repaint();
  }
}

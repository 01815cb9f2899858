/** Lends the terminal out: to the shell when the program is stopped, and to a program that the chat starts. */
import type { InteractiveContext } from "../sessions/interactive-context.ts";

/** A signal to stop is not carried out where nobody could let the process go on. Then it goes on by itself, after this many milliseconds. */
const UNSTOPPED = 250;

/** Gives the terminal its modes back while `act` runs, then takes it again and paints. */
export type Suspend = (act: () => Promise<void>) => Promise<void>;

/** What is told of the terminal. */
export interface SuspensionListener {
  /** Somebody else has the terminal from now on, or no more: what is on the screen is not ours to erase. */
  readonly lent: (lent: boolean) => void;
  /** The screen has to be painted anew. */
  readonly repaint: () => void;
}

/** Owns the terminal's modes in every change between the chat, the shell and other programs. */
export class Suspension {
  readonly #context: InteractiveContext;
  readonly #listener: SuspensionListener;
  readonly #endContinue: () => void;
  #endStop: () => void;
  /** Set as soon as something is drawn. */
  #suspend: Suspend | undefined;
  /** Whether somebody else has the terminal. */
  #lent = false;
  #goOn: (() => void) | undefined;

  constructor(context: InteractiveContext, listener: SuspensionListener) {
    this.#context = context;
    this.#listener = listener;
    this.#endStop = context.job.onStop(() => void this.stop());
    this.#endContinue = context.job.onContinue(() => this.#continued());
  }

  /** Whether somebody else has the terminal, and with it the keys that stop a program. */
  get lent(): boolean {
    return this.#lent;
  }

  /** Told how whoever draws gives the terminal back. */
  readonly drawnBy = (suspend: Suspend): void => {
    this.#suspend = suspend;
  };

  /** Stops the program as Ctrl-Z does, and resolves when it goes on. */
  async stop(): Promise<void> {
    // A program that has the terminal was stopped too, and takes care of its own modes.
    if (this.#lent) await this.#sleep();
    else await this.lend(() => this.#sleep());
  }

  /** Lends the terminal while `act` runs, and gives its value; `undefined` where the terminal was lent already. */
  async lend<TValue>(act: () => Promise<TValue>): Promise<TValue | undefined> {
    if (this.#lent) return undefined;
    this.#lent = true;
    this.#listener.lent(true);
    let value: TValue | undefined;
    try {
      await this.#suspend?.(async () => {
        value = await act();
      });
    } finally {
      this.#lent = false;
      this.#listener.lent(false);
    }
    return value;
  }

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
    else if (!this.#lent) this.#reclaim();
  }

  #reclaim(): void {
    const { stdin, stdout } = this.#context;
    // Node remembers the mode that it set, and sets it again only after another.
    stdin.setRawMode?.(false);
    stdin.setRawMode?.(true);
    stdout.write("\u001b[?2004h");
    this.#listener.repaint();
  }
}

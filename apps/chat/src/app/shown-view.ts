/** The view that fills the window, while one is open. The conversation has lent it the terminal. */
import type { FullScreenView } from "../full-screen/full-screen-view.ts";
import { showFullScreen } from "../full-screen/show-full-screen.tsx";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import type { Theme } from "../terminal/theme.ts";
import { frameStream } from "./frame-stream.ts";
import type { Suspension } from "./suspension.ts";

/** Shows one view at a time. */
export class ShownView {
  readonly #context: InteractiveContext;
  readonly #suspension: Suspension;
  readonly #theme: () => Theme;
  readonly #listeners = new Set<() => void>();
  #close: (() => void) | undefined;
  #showing: Promise<unknown> = Promise.resolve();
  /** How often all views were closed from outside; one that waited for its turn then is not shown. */
  #closedTimes = 0;

  constructor(context: InteractiveContext, suspension: Suspension, theme: () => Theme) {
    this.#context = context;
    this.#suspension = suspension;
    this.#theme = theme;
  }

  /**
   * Shows a view until it is closed; gives whether it was shown. It is not while somebody else has the terminal. A view
   * that is being closed gives it back first: keys may come faster than that.
   */
  readonly show = (view: FullScreenView): Promise<boolean> => {
    const times = this.#closedTimes;
    const showing = this.#showing.then(() => (times === this.#closedTimes ? this.#show(view) : false));
    this.#showing = showing.catch(() => undefined);
    return showing;
  };

  async #show(view: FullScreenView): Promise<boolean> {
    if (this.#suspension.lent) return false;
    const { stdin, stdout } = this.#context;
    const { drawnBy, stop, lend } = this.#suspension;
    const shown = await lend(async () => {
      await showFullScreen(view, {
        stdin,
        stdout: frameStream(stdout),
        theme: this.#theme(),
        drawnBy,
        stop: () => void stop(),
        lend,
        subscribe: (changed) => {
          this.#listeners.add(changed);
          return () => {
            this.#listeners.delete(changed);
          };
        },
        closes: (close) => {
          this.#close = close;
        },
      });
      return true;
    }).finally(() => {
      this.#close = undefined;
    });
    return shown ?? false;
  }

  /** Tells the view that something may have changed that it shows. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Closes the view for Ctrl-C that comes as a signal, unless a program that it started has the terminal. */
  interrupt(): void {
    if (!this.#suspension.isAway) this.#close?.();
  }

  /** Closes the view, and resolves when the conversation has the terminal again. */
  async close(): Promise<void> {
    this.#closedTimes += 1;
    this.#close?.();
    await this.#showing;
  }
}

/** Puts what Ink draws and what the chat prints on the screen together, so that a text that moves from one to the other is seen once. */
import type { LiveFrame, LiveRegion } from "./live-region.ts";
import type { Scroll } from "./scroll.ts";

/** Paints the screen of the chat. */
export class Painter {
  readonly #region: LiveRegion;
  readonly #scroll: Scroll;
  /** Entries that were printed when the frame was laid out that Ink draws next. */
  #printed = 0;
  #stale = false;

  constructor(region: LiveRegion, scroll: Scroll) {
    this.#region = region;
    this.#scroll = scroll;
  }

  /** The next frame goes with the first `printed` entries. */
  readonly drawn = (printed: number): void => {
    this.#printed = printed;
  };

  /** Ink drew a frame. */
  readonly frame = (frame: LiveFrame): void => {
    this.#stale = false;
    this.#region.draw(frame, this.#scroll.take(this.#printed));
  };

  /** Ink has drawn, or left it, because the frame is the same as before. */
  readonly rendered = (): void => {
    const above = this.#scroll.take(this.#printed);
    if (above === "" && !this.#stale) return;
    this.#stale = false;
    this.#region.again(above);
  };

  /** Somebody else gets the terminal. */
  readonly erase = (): void => {
    this.#region.erase();
  };

  /** The window changed: the frame is drawn again even if it is the same. */
  stale(): void {
    this.#stale = true;
  }

  /** Paints the window anew, below the text that `above` gives for the rows of the live region. */
  anew(above: (height: number) => string): void {
    // What scrolls away has to be printed before: the text holds no more than the window.
    const left = this.#scroll.take();
    if (left !== "") this.#region.again(left);
    this.#region.anew(`${above(this.#region.height)}\n`);
  }

  /** Takes the live region from the screen, and prints what is left. */
  close(): void {
    this.#region.close(this.#scroll.take());
  }
}

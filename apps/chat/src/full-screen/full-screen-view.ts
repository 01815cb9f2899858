/** A view that fills the window for a while, like the view of a run. The conversation waits below it, and loses nothing. */
import type { KeyPress } from "../input/key-chunk.ts";
import type { Line } from "../terminal/styled.ts";
import type { WindowSize } from "../terminal/window-size.ts";

/** The window, as a view on it uses it. */
export interface FullScreen {
  /** Draws the view anew. */
  readonly changed: () => void;
  /** Closes the view. What ran goes on. */
  readonly close: () => void;
  /** Lends the terminal to another program while `act` runs; `undefined` where somebody has it already. */
  readonly lend: <TValue>(act: () => Promise<TValue>) => Promise<TValue | undefined>;
}

/** One frame of a view. */
export interface FullScreenFrame {
  /** At most one row less than the window has, each at most as wide as the window. */
  readonly lines: readonly Line[];
  /** Where the cursor stands, from 0; it is hidden where there is none. */
  readonly cursor?: { readonly x: number; readonly y: number };
}

/** Something that fills the window. Ctrl-C, Ctrl-Z and Ctrl-L are taken before it is told of a key. */
export interface FullScreenView {
  /** Draws the view. It is called for every change, every key and every size. */
  readonly draw: (size: WindowSize) => FullScreenFrame;
  readonly press: (press: KeyPress, screen: FullScreen) => void;
  readonly paste?: (text: string, screen: FullScreen) => void;
  /** Called when it is on the screen; what it gives is called when it is closed. */
  readonly opened?: (screen: FullScreen) => () => void;
}

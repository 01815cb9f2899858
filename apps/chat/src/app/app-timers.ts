import type { Clock } from "@orch/core";
import type { CancelTimer } from "@orch/core/doors";
import type { PanelState } from "../questions/panel-state.ts";
import type { AppAction } from "./app-state.ts";

/** A timer may fire a little early, in milliseconds. */
const AFTER = 10;

/** The timers of the screen's state. */
export class AppTimers {
  readonly #clock: Clock;
  readonly #screen: { readonly dispatch: (action: AppAction) => void };
  readonly #changed: () => void;
  #deaf = 0;
  #hearing: CancelTimer | undefined;
  #disarm: CancelTimer | undefined;

  /** `changed` draws. */
  constructor(clock: Clock, screen: { readonly dispatch: (action: AppAction) => void }, changed: () => void) {
    this.#clock = clock;
    this.#screen = screen;
    this.#changed = changed;
  }

  /** Draws the questions when their keys begin to count, though nothing else may move by then. */
  hear({ deaf }: PanelState): void {
    if (deaf === this.#deaf) return;
    this.#deaf = deaf;
    this.#hearing?.();
    const ms = Math.max(0, deaf - this.#clock.now()) + AFTER;
    this.#hearing = this.#clock.after(ms, this.#changed);
  }

  /** A key was pressed that does something when it is pressed again within `ms` milliseconds. */
  arm(ms: number): void {
    this.#disarm?.();
    this.#disarm = this.#clock.after(ms, () => this.#screen.dispatch({ type: "disarm" }));
  }

  close(): void {
    this.#hearing?.();
    this.#disarm?.();
  }
}

import type { Theme, ThemeName } from "../terminal/theme.ts";

/** The look of the chat, as commands see and change it. */
export interface DeskLook {
  /** Whether lines are typed whole, and no key means anything by itself. */
  readonly appends: boolean;
  readonly theme: Theme;
  /** The theme as it was chosen; `auto` is one of them. */
  readonly chosen: ThemeName;
  /** Draws in another theme from now on, and keeps it for later starts. */
  readonly choose: (name: ThemeName) => Promise<void>;
  /** Whether the input has vim keys. */
  readonly isVim: boolean;
  /** Gives the input vim keys or takes them away, and keeps that for later starts. */
  readonly chooseVim: (on: boolean) => Promise<void>;
}

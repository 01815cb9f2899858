/** How the chat looks and how its keys feel, which the user may change while it runs. */
import type { DeskLook } from "../commands/desk-look.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { createTheme, type Theme, type ThemeName } from "../terminal/theme.ts";

/** Whether lines are appended and nothing is drawn: for who listens, and on a terminal that can do no more. */
export function onlyAppends({
  screenReader,
  env,
}: Pick<InteractiveContext, "screenReader" | "env">): boolean {
  return screenReader || env["TERM"] === "dumb";
}

/** The part of the chat that the look changes. */
export interface LookDoors {
  readonly changed: () => void;
  /** Vim mode begins or ends. */
  readonly vim: (on: boolean) => void;
}

/** The look of one chat. */
export class Look implements DeskLook {
  readonly #context: InteractiveContext;
  readonly #doors: LookDoors;
  #isVim: boolean;
  #chosen: ThemeName;
  #theme: Theme;

  constructor(context: InteractiveContext, doors: LookDoors) {
    this.#context = context;
    this.#doors = doors;
    this.#isVim = context.vim === true;
    this.#chosen = context.theme ?? "auto";
    this.#theme = this.#themeOf(this.#chosen);
  }

  get appends(): boolean {
    return onlyAppends(this.#context);
  }

  get theme(): Theme {
    return this.#theme;
  }

  get chosen(): ThemeName {
    return this.#chosen;
  }

  readonly choose: DeskLook["choose"] = async (name) => {
    this.#chosen = name;
    this.#theme = this.#themeOf(name);
    this.#doors.changed();
    await this.#context.settings.keep(["ui", "theme"], name);
  };

  get isVim(): boolean {
    return this.#isVim;
  }

  readonly chooseVim: DeskLook["chooseVim"] = async (on) => {
    this.#isVim = on;
    this.#doors.vim(on);
    await this.#context.settings.keep(["ui", "vim"], on);
  };

  #themeOf(theme: ThemeName): Theme {
    const { env, glyphs, screenReader: spoken } = this.#context;
    return createTheme({ env, theme, spoken, ...(glyphs && { glyphs }) });
  }
}

/** How the chat looks and how its keys feel, which the user may change while it runs. */
import type { DeskLook } from "../commands/desk-look.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { createTheme, type Theme, type ThemeName } from "../terminal/theme.ts";

/** The look of one chat. */
export class Look implements DeskLook {
  readonly #context: InteractiveContext;
  readonly #changed: () => void;
  #chosen: ThemeName;
  #theme: Theme;

  constructor(context: InteractiveContext, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
    this.#chosen = context.theme ?? "auto";
    this.#theme = this.#themeOf(this.#chosen);
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
    this.#changed();
    await this.#context.settings.keep(["ui", "theme"], name);
  };

  #themeOf(theme: ThemeName): Theme {
    const { env, glyphs } = this.#context;
    return createTheme({ env, theme, ...(glyphs && { glyphs }) });
  }
}

import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { THEME_NAMES, type ThemeName } from "../terminal/theme.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { choiceEntry } from "./choice-entry.ts";
import type { Command, Desk } from "./command.ts";

const SAYS: { readonly [name in ThemeName]: string } = {
  auto: "dark or light, as the terminal tells (COLORFGBG)",
  dark: "for a dark ground",
  light: "for a light ground, without yellow",
  "high-contrast": "nothing dim, little colour",
  mono: "bold and underline, no colour",
};

/** `/theme [name]` */
export function themeCommand({ print, look }: Pick<Desk, "print" | "look">): Command {
  const choices = THEME_NAMES.map((value) => ({ value, description: SAYS[value] }));
  return {
    name: "theme",
    usage: "/theme [name]",
    description: "choose the colours",
    when: "always",
    values: () => choices,
    run: async (argument) => {
      if (argument === "") {
        print(choiceEntry(choices, look.chosen, "/theme <name> chooses, and keeps it."));
        return;
      }
      const name = THEME_NAMES.find((one) => one === argument);
      if (name === undefined) {
        const near = THEME_NAMES.find((one) => one.startsWith(argument.slice(0, 2)));
        const hint = near === undefined ? safe`/theme lists them.` : safe`Did you mean ${safeText(near)}?`;
        print(noticeEntry(safe`There is no theme ${visibleText(argument)}. ${hint}`, "warning"));
        return;
      }
      await look.choose(name);
      const { colours } = look.theme;
      const note = colours ? safe`` : safe` NO_COLOR is set, so no colour is drawn.`;
      print(noticeEntry(safe`The theme is ${safeText(name)} from now on.${note}`, "done"));
    },
  };
}

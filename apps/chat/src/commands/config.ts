import { failureWords } from "../errors/failure-words.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

interface ConfigDesk extends Pick<Desk, "print"> {
  readonly settings: Pick<Desk["settings"], "explain" | "names">;
}

/** `/config explain [key]` */
export function configCommand({ print, settings }: ConfigDesk): Command {
  return {
    name: "config",
    usage: "/config explain [key]",
    description: "show a setting and where it comes from",
    when: "always",
    values: () =>
      ["explain", ...settings.names().map((name) => `explain ${name}`)].map((value) => ({ value })),
    run: (argument) => {
      const wish = /^(?:explain(?: +(\S+))?)?$/.exec(argument);
      if (wish === null) {
        print(noticeEntry(safe`/config explain, or /config explain <setting>, like model`, "warning"));
        return;
      }
      let text: string;
      try {
        text = settings.explain(wish[1]);
      } catch (error) {
        const { says, fix } = failureWords(error);
        print(noticeEntry(safeText(fix === undefined ? says : `${says} ${fix}`), "warning"));
        return;
      }
      const lines = text.split("\n").map((line) => visibleText(line));
      print((style) => [
        [],
        ...lines.flatMap((line): readonly Line[] => wrapLine([span(line)], style.width, style)),
      ]);
    },
  };
}

import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/vim [on|off]` */
export function vimCommand({ print, look }: Pick<Desk, "print" | "look">): Command {
  return {
    name: "vim",
    usage: "/vim [on|off]",
    description: "vim keys in the input",
    when: "always",
    values: () => [{ value: "on" }, { value: "off" }],
    run: async (argument) => {
      if (!["", "on", "off"].includes(argument)) {
        print(noticeEntry(safe`/vim, /vim on or /vim off`, "warning"));
        return;
      }
      const on = argument === "" ? !look.isVim : argument === "on";
      await look.chooseVim(on);
      const says = on
        ? safe`The input has vim keys from now on: Esc goes to normal mode, i back. In normal mode Esc Esc stops an answer.`
        : safe`The input has no vim keys any more.`;
      print(noticeEntry(says, "done"));
    },
  };
}

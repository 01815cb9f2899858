import type { Command, Desk } from "./command.ts";
import { keyLines } from "./keys.ts";
import { pairLines } from "./pair-lines.ts";

/** `/help` */
export function helpCommand(desk: Desk): Command {
  return {
    name: "help",
    aliases: ["?"],
    usage: "/help",
    description: "commands and keys",
    when: "always",
    run: () => {
      const commands = desk.commands.map(({ usage, description }) => [usage, description] as const);
      desk.print((style) => [[], ...pairLines(commands, style), [], ...keyLines(desk, style)]);
    },
  };
}

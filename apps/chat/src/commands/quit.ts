import type { Command, Desk } from "./command.ts";

/** `/quit` */
export function quitCommand(desk: Desk): Command {
  return {
    name: "quit",
    aliases: ["exit", "q"],
    usage: "/quit",
    description: "leave; the conversation is kept",
    when: "always",
    run: () => desk.quit(),
  };
}

import type { Command, Desk } from "./command.ts";

/** `/new` */
export function newCommand(desk: Desk): Command {
  return {
    name: "new",
    aliases: ["clear"],
    usage: "/new",
    description: "begin a new conversation",
    when: "idle",
    run: () => desk.newSession(),
  };
}

import type { Command, Desk } from "./command.ts";

/** `/run [turn]` */
export function runCommand(desk: Desk): Command {
  return {
    name: "run",
    usage: "/run [turn]",
    description: "look into the run of a turn: 1 is the last one, 2 the one before",
    when: "always",
    run: (argument) => desk.openRun(argument),
  };
}

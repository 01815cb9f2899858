import type { Command, Desk } from "./command.ts";

/** `/timeline [turn]` */
export function timelineCommand(desk: Desk): Command {
  return {
    name: "timeline",
    usage: "/timeline [turn]",
    description: "what happened in the run, and why it moved",
    when: "always",
    run: (argument) => desk.openRun(argument, { wanted: "1" }),
  };
}

import type { Command, Desk } from "./command.ts";

/** `/replay [turn]` */
export function replayCommand(desk: Desk): Command {
  return {
    name: "replay",
    usage: "/replay [turn]",
    description: "step through a run from its beginning; nothing runs again",
    when: "always",
    run: (argument) => desk.openRun(argument, { replay: true }),
  };
}

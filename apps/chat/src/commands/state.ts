import type { Command, Desk } from "./command.ts";
import { stateChoices } from "./state-choices.ts";

/** `/state [name]` */
export function stateCommand(desk: Desk): Command {
  return {
    name: "state",
    usage: "/state [name]",
    description: "what a state of the run was given, said and gave",
    when: "always",
    values: () => stateChoices(desk),
    run: (argument) =>
      desk.openRun("", argument === "" ? { reading: true } : { wanted: argument, reading: true }),
  };
}

import { safe } from "../terminal/safe-text.ts";
import type { Command, Desk } from "./command.ts";
import { stateChoices } from "./state-choices.ts";

/** `/fork [step]` */
export function forkCommand(desk: Desk): Command {
  return {
    name: "fork",
    usage: "/fork [step]",
    description: "go another way from a state of the last run, also with other values",
    when: "always",
    values: () => stateChoices(desk),
    run: (argument) =>
      desk.openRun("", {
        ...(argument !== "" && { wanted: argument }),
        note: {
          text: safe`f runs this state again, i with another input, o goes on with another output`,
          tone: "done",
        },
      }),
  };
}

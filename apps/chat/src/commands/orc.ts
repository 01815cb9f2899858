import { choiceEntry } from "./choice-entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/orc [name]` */
export function orcCommand(desk: Desk): Command {
  const choices = () =>
    desk.orchestrations.map(({ name, description }) => ({
      value: name,
      ...(description !== undefined && { description }),
    }));
  return {
    name: "orc",
    aliases: ["orchestration"],
    usage: "/orc [name]",
    description: "choose what answers: an orchestration",
    when: "idle",
    values: choices,
    run: async (name) => {
      if (name === "") desk.print(choiceEntry(choices(), desk.orchestration, "/orc <name> chooses."));
      else await desk.change({ orchestration: name });
    },
  };
}

import { choiceEntry } from "./choice-entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/model [provider/model]` */
export function modelCommand(desk: Desk): Command {
  const choices = () =>
    desk.models.map(({ id, description }) => ({
      value: id,
      ...(description !== undefined && { description }),
    }));
  return {
    name: "model",
    usage: "/model [provider/model]",
    description: "choose the model",
    when: "idle",
    values: choices,
    run: async (model) => {
      if (model === "") desk.print(choiceEntry(choices(), desk.model, "/model <provider/model> chooses."));
      else await desk.change({ model });
    },
  };
}

import { type Command, parseCommand } from "../commands/command.ts";
import { findCommand } from "../input/completion.ts";
import type { AppFacts } from "./app-state.ts";
import { editorWidth } from "./frame.ts";

/** What the reducer has to know of the window and of the commands. */
export function appFacts(columns: number, commands: readonly Command[]): AppFacts {
  const named = (text: string): Command | undefined => {
    const command = parseCommand(text);
    return command && findCommand(command.name, commands);
  };
  return {
    width: editorWidth(columns),
    commands,
    isAside: (text) => parseCommand(text) !== undefined && named(text)?.when !== "idle",
    isCommand: (text) => named(text) !== undefined,
  };
}

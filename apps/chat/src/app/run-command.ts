/** Runs a slash command, beside an answer or between two. */
import type { Command } from "../commands/command.ts";
import { unknownCommandEntry } from "../commands/unknown-command.ts";
import { findCommand } from "../input/completion.ts";
import { type Entry, userEntry } from "../transcript/entry.ts";
import type { AppAction, Phase } from "./app-state.ts";

/** The part of the chat that a command needs to run. */
export interface CommandDoors {
  readonly print: (entry: Entry) => void;
  readonly phase: () => Phase;
  readonly dispatch: (action: AppAction) => void;
  /** Does something; a failure is a line on the screen. */
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>;
}

/** Runs the command `name`; `text` is what the user typed, and empty where a key stands for it. */
export function runCommand(
  { name, argument, text }: { readonly name: string; readonly argument: string; readonly text: string },
  commands: readonly Command[],
  { print, phase, dispatch, attempt }: CommandDoors,
): void {
  if (text !== "") print(userEntry(text));
  const command = findCommand(name, commands);
  if (command === undefined) {
    print(unknownCommandEntry(name, commands));
    if (phase() === "idle") dispatch({ type: "ended", stopped: false });
    return;
  }
  if (command.when === "always") {
    void attempt(async () => command.run(argument));
    // A queue that was waiting for its turn goes on after it.
    if (phase() === "idle") dispatch({ type: "ended", stopped: false });
    return;
  }
  dispatch({ type: "phase", phase: "busy" });
  void attempt(async () => command.run(argument)).then(() => {
    // A command may have begun a turn, which has an end of its own.
    if (phase() === "busy") dispatch({ type: "ended", stopped: false });
  });
}

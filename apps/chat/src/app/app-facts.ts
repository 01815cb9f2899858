import type { InboxPolicy } from "@orch/chat-runtime";
import { type Command, parseCommand } from "../commands/command.ts";
import { type CompletableCommand, findCommand } from "../input/completion.ts";
import { editorWidth } from "./frame.ts";

/** The facts outside the state that the reducer needs. */
export interface AppFacts {
  /** Cells of the editor. */
  readonly width: number;
  /** In milliseconds since the epoch. */
  readonly now: number;
  readonly commands: readonly CompletableCommand[];
  /** Whether a text is a command that may run beside an answer. */
  readonly isAside: (text: string) => boolean;
  /** Whether a text names an existing command. */
  readonly isCommand: (text: string) => boolean;
  /** Whether the last turn was left in the middle, so that Enter alone goes on with it. */
  readonly isStopped?: boolean;
  /** What becomes of a message while another one is answered. */
  readonly inbox?: InboxPolicy;
  /** Whether lines are typed whole, so that nothing stands half typed. */
  readonly appends?: boolean;
}

/** What the reducer has to know of the window and of the commands. */
export function appFacts(
  columns: number,
  commands: readonly Command[],
  rest: Pick<AppFacts, "isStopped" | "inbox" | "now" | "appends">,
): AppFacts {
  const named = (text: string): Command | undefined => {
    const command = parseCommand(text);
    return command && findCommand(command.name, commands);
  };
  return {
    width: editorWidth(columns),
    commands,
    ...rest,
    isAside: (text) => parseCommand(text) !== undefined && named(text)?.when !== "idle",
    isCommand: (text) => named(text) !== undefined,
  };
}

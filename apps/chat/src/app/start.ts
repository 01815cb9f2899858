/** How the screen's input side starts. */
import { VIM_INSERT } from "../input/vim.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { type AppState, START } from "./app-state.ts";

/** The state before the session is open. The first message is queued, like one that is typed by then. */
export function startState({ message = "", vim }: Pick<InteractiveContext, "message" | "vim">): AppState {
  const queue = message.trim() === "" ? [] : [message];
  return { ...START, queue, ...(vim === true && { vim: VIM_INSERT }) };
}

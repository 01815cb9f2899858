import { nearestCommand } from "../input/completion.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";
import type { Command } from "./command.ts";

/** Says that there is no command `name`, and which is nearest. */
export function unknownCommandEntry(name: string, commands: readonly Command[]): Entry {
  const near = nearestCommand(name, commands);
  const hint =
    near === undefined ? safe`/help lists the commands.` : safe`Did you mean /${safeText(near.name)}?`;
  return noticeEntry(safe`There is no command /${visibleText(name)}. ${hint}`, "warning");
}

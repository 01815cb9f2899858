/** `orch init` and `orch new`: writes an orchestration of the user's own, and says what to type next. */
import type { Invocation } from "../config/args.ts";
import { init, initNew } from "../config/init.ts";
import type { Doors } from "../process/doors.ts";
import { startWords } from "../process/start-words.ts";
import { version } from "../process/version.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** Writes the files and tells which; gives the exit code. `wanted` is what `orch new` was asked for, absent for `orch init`. */
export async function initFolder(
  { folder, trust }: Setup,
  wanted: Extract<Invocation, { command: "new" }> | undefined,
  { program, env }: Doors,
  { stdout }: HeadlessOutput,
): Promise<number> {
  const { orch, install, tool } = startWords(program, folder, env);
  const parts = { version, trust, orch };
  const { files, advice } = await (wanted === undefined
    ? init(folder, parts)
    : initNew(folder, wanted.name, { ...parts, copyOf: wanted.copyOf }));
  stdout.write(line(`Wrote ${files.slice(0, -1).join(", ")} and ${files.at(-1)}.`));
  for (const sentence of advice) stdout.write(line(sentence));
  const [orc, message] =
    wanted === undefined ? ["hello", "Ada"] : [wanted.name, "What is this folder about?"];
  stdout.write(line(`Try: ${orch} -p --orc ${orc} "${message}"`));
  stdout.write(line(`Types and tests: ${install}, then ${tool} tsc and ${tool} vitest run`));
  return exitCodes.done;
}

/** A name of a file may hold anything. */
function line(text: string): SafeText {
  return safe`${visibleText(text, { multiline: true })}\n`;
}

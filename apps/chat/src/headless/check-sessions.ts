/** `orch sessions check`: reads all of the file of conversations and runs. */
import type { Flags } from "../config/args.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { jsonLine } from "./result.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** Checks the file, all folders of it; gives the exit code, which is that of a failure where it is damaged. */
export async function checkSessions(
  { sessionsFile }: Setup,
  { output }: Flags,
  { clock }: Doors,
  { stdout }: HeadlessOutput,
): Promise<number> {
  const { checkSqlite } = await import("@orch/sqlite/sessions");
  const report = await checkSqlite({ file: sessionsFile, clock });
  const file = visibleText(report.file);
  if (output !== "text") stdout.write(jsonLine(report));
  else if (report.type === "whole")
    stdout.write(safe`${file} is whole. Read: ${report.sessions} sessions, ${report.runs} runs.\n`);
  else
    stdout.write(
      safe`${file} is damaged: ${visibleText(report.problem)}.\n  orch sessions repair saves what can be read.\n`,
    );
  return report.type === "whole" ? exitCodes.done : exitCodes.failed;
}

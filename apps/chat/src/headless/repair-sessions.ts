/** `orch sessions repair`: carries what can be read of a damaged database into a new one. */
import type { RepairReport } from "@orch/sqlite/sessions";
import type { Flags } from "../config/args.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { jsonLine } from "./result.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** How many of what was lost are named. */
const NAMED = 20;

/** Repairs the file of conversations and runs, all folders of it; gives the exit code. */
export async function repairSessions(
  { sessionsFile: file }: Setup,
  { output }: Flags,
  { clock }: Doors,
  { stdout }: HeadlessOutput,
): Promise<number> {
  const { repairSqlite } = await import("@orch/sqlite/sessions");
  const report = await repairSqlite({ file, clock });
  stdout.write(output === "text" ? reportText(report) : jsonLine(report));
  return exitCodes.done;
}

function reportText(report: RepairReport): SafeText {
  const file = visibleText(report.file);
  if (report.type === "whole")
    return safe`${file} is whole: ${count(report.sessions, "session")} and ${count(report.runs, "run")}. Nothing was changed.\n`;
  const { sessions, turns, changed, runs, lostRuns, keptAt, problem } = report;
  const lines = [
    safe`${file} was damaged: ${visibleText(problem)}.`,
    safe`Saved: ${count(sessions, "session")} with ${count(turns, "turn")}, and ${count(runs, "run")}.`,
    ...named(
      changed.map(({ title, id, turns: kept, lostTurns }) => {
        const name = safe`"${visibleText(title === "" ? id : title)}"`;
        if (lostTurns === 0) return safe`${name}: its title was lost, and none of its ${count(kept, "turn")}`;
        return safe`${name}: ${count(lostTurns, "turn")} lost, ${kept} kept`;
      }),
    ),
    ...named(lostRuns.map((run) => safe`run ${visibleText(run)}: lost, because not all of it can be read`)),
  ];
  if (changed.length === 0 && lostRuns.length === 0)
    lines.push(safe`Nothing is known to be lost but what was written last, if its log was damaged.`);
  lines.push(safe`The damaged file is kept at ${visibleText(keptAt)}.`);
  let text = safe``;
  for (const line of lines) text = safe`${text}${line}\n`;
  return text;
}

function named(lines: readonly SafeText[]): readonly SafeText[] {
  const shown = lines.slice(0, NAMED).map((line) => safe`  ${line}`);
  return lines.length > NAMED
    ? [...shown, safe`  and ${lines.length - NAMED} more (--json has all of them)`]
    : shown;
}

function count(number: number, what: "session" | "turn" | "run"): SafeText {
  return safe`${number} ${visibleText(what)}${number === 1 ? safe`` : safe`s`}`;
}

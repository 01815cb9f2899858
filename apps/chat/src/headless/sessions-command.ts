/** `orch sessions`: what is done with the sessions of a folder without the chat. */
import type { SessionStore } from "@orch/chat-runtime";
import type { Flags } from "../config/args.ts";
import { UsageError } from "../errors/usage-error.ts";
import type { Doors } from "../process/doors.ts";
import { EXPORT_FORMATS, exportText, isExportFormat } from "../sessions/export-text.ts";
import { readImport, SessionActs } from "../sessions/session-acts.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { checkSessions } from "./check-sessions.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionList } from "./list-sessions.ts";
import { repairSessions } from "./repair-sessions.ts";
import { jsonLine } from "./result.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** Does what the words behind `orch sessions` say; gives the exit code. */
export async function runSessions(
  [action = "list", ...rest]: readonly string[],
  setup: Setup,
  flags: Flags,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  if (action === "repair") {
    if (rest.length > 0) throw usage("repair takes no words; orch sessions list repair looks for the word");
    return repairSessions(setup, flags, doors, output);
  }
  if (action === "check") {
    if (rest.length > 0) throw usage("check takes no words; orch sessions list check looks for the word");
    return checkSessions(setup, flags, doors, output);
  }
  const { stdout } = output;
  const store: SessionStore = await setup.openSessions();
  try {
    const acts = new SessionActs({ store: () => store, clock: doors.clock, random: doors.random });
    const [named, ...others] = rest;
    switch (action) {
      case "rename":
        stdout.write(await renamed(acts, named, others.join(" ").trim()));
        break;
      case "delete":
        stdout.write(await deleted(acts, named, others));
        break;
      case "export":
        stdout.write(await exported(acts, named, others, flags));
        break;
      case "import": {
        if (named === undefined || others.length > 0) throw usage("import needs one file");
        const { id } = await acts.import(await readImport(doors.cwd, named, false));
        stdout.write(safe`${visibleText(id)}\n`);
        break;
      }
      default: {
        const words = (action === "list" ? rest : [action, ...rest]).join(" ");
        const found = await acts.list({ words });
        const isNone = found.length === 0 && words !== "" && flags.output === "text";
        stdout.write(
          isNone
            ? safe`No session of this folder has the words "${visibleText(words)}".\n`
            : sessionList(found, flags.output, doors.clock.now()),
        );
      }
    }
  } finally {
    await store.close();
  }
  return exitCodes.done;
}

async function renamed(acts: SessionActs, named: string | undefined, title: string): Promise<SafeText> {
  if (named === undefined || title === "") throw usage("rename needs a session and a title");
  const { id } = await acts.find(named);
  await acts.rename(id, title);
  return safe`${visibleText(id)} is called ${visibleText(title)}\n`;
}

async function deleted(
  acts: SessionActs,
  named: string | undefined,
  [word, surplus]: readonly string[],
): Promise<SafeText> {
  if (named === undefined || surplus !== undefined) throw usage("delete needs one session");
  const { id, title, turnCount } = await acts.find(named);
  const what = safe`${visibleText(id)} (${visibleText(title)}, ${turnCount} ${turnCount === 1 ? safe`turn` : safe`turns`})`;
  if (word !== "yes") throw usage(`delete is for good: orch sessions delete ${id} yes deletes ${what}`);
  await acts.remove(id);
  return safe`${what} is deleted\n`;
}

async function exported(
  acts: SessionActs,
  named: string | undefined,
  [format = "jsonl", surplus]: readonly string[],
  flags: Flags,
): Promise<SafeText> {
  const known = Object.keys(EXPORT_FORMATS).join(", ");
  if (named === undefined || surplus !== undefined)
    throw usage(`export needs a session, and one of ${known}`);
  if (!isExportFormat(format)) throw usage(`export knows ${known}`);
  const { id } = await acts.find(named);
  const session = await acts.load(id);
  return flags.output === "text" ? safeText(exportText(session, format)) : jsonLine(session);
}

function usage(problem: string): UsageError {
  return new UsageError({ problem: `orch sessions ${problem}.` });
}

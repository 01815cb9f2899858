/** `orch sessions`: what is done with the sessions of a folder without the chat. */
import { exportSession, type SessionStore } from "@orch/chat-runtime";
import { parseJson } from "@orch/core";
import type { Flags } from "../config/args.ts";
import { UsageError } from "../errors/usage-error.ts";
import type { Doors } from "../process/doors.ts";
import { readImport, SessionActs } from "../sessions/session-acts.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionList } from "./list-sessions.ts";
import { jsonLine } from "./result.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** A turn may nest deeper than a message from outside does. */
const WHOLE = { maxDepth: 1000, maxLength: 512 * 1024 * 1024 };

/** Does what the words behind `orch sessions` say; gives the exit code. */
export async function runSessions(
  [action = "list", ...rest]: readonly string[],
  setup: Setup,
  flags: Flags,
  doors: Doors,
  { stdout }: HeadlessOutput,
): Promise<number> {
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
  const what = safe`${visibleText(id)} (${visibleText(title)}, ${turnCount} turns)`;
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
  if (named === undefined || surplus !== undefined) throw usage("export needs a session, and jsonl or md");
  const { id } = await acts.find(named);
  const session = await acts.load(id);
  if (flags.output !== "text") return jsonLine(session);
  if (format === "md") return safeText(exportSession(session, "markdown"));
  if (format !== "jsonl") throw usage("export knows jsonl and md");
  let text = safe``;
  for (const line of exportSession(session, "jsonl").split("\n").slice(0, -1))
    text = safe`${text}${jsonLine(parseJson(line, WHOLE) as object)}`;
  return text;
}

function usage(problem: string): UsageError {
  return new UsageError({ problem: `orch sessions ${problem}.` });
}

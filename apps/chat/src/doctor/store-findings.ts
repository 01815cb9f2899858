/** Where conversations and runs are kept, and whether they can be. */
import { constants } from "node:fs";
import { access, readFile, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { parseJson } from "@orch/core";
import type { Log } from "../log/log.ts";
import type { Doors } from "../process/doors.ts";
import { version } from "../process/version.ts";
import { age } from "../sessions/age.ts";
import type { Setup } from "../setup/compose.ts";
import { isNewer, readUpdates, updatesOff } from "../setup/update-notice.ts";
import { broken, bytesInWords, type Diagnosis, failed, fine, note } from "./diagnosis.ts";

/** Below this a database can hardly grow, in bytes. */
const LITTLE = 200e6;
const NOTHING = 5e6;

/** Lines about the state folder, the database in it and the disk below it. */
export async function storeFindings(
  setup: Setup,
  { env, clock: { now } }: Doors,
): Promise<readonly Diagnosis[]> {
  const { stateFolder, sessionsFile } = setup;
  return [
    await folderFinding(stateFolder),
    await databaseFinding(setup),
    await diskFinding(dirname(sessionsFile)),
    logFinding(setup.log),
    await updateFinding(setup, env, now),
    ...(await trustFinding(`${stateFolder}/trust.json`)),
  ];
}

async function folderFinding(folder: string): Promise<Diagnosis> {
  const there = await stat(folder).catch(() => undefined);
  if (there !== undefined && !there.isDirectory())
    return broken("state", `${folder} is no folder.`, "Move it away; orch makes the folder.");
  const nearest = there === undefined ? await nearestFolder(folder) : folder;
  const writable = await access(nearest, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  const facts = { folder, exists: there !== undefined, writable };
  if (!writable)
    return broken(
      "state",
      `${nearest} cannot be written, so nothing is kept.`,
      `Let your user write it, or set XDG_STATE_HOME.`,
      facts,
    );
  if (there === undefined) return fine("state", `${folder} is made with the first conversation.`, facts);
  if ((there.mode & 0o077) !== 0)
    return note("state", `${folder} can be read by others.`, `chmod 700 ${folder}`, facts);
  return fine("state", `${folder} is yours alone, and can be written.`, facts);
}

async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const there = await stat(at).catch(() => undefined);
    if (there !== undefined || dirname(at) === at) return at;
  }
}

async function databaseFinding({ sessionsFile: file, openSessions, openHost }: Setup): Promise<Diagnosis> {
  const there = await stat(file).catch(() => undefined);
  if (there === undefined) return fine("store", `${file} is made with the first conversation.`, { file });
  const format = await formatOf(file);
  try {
    const sessions = await openSessions();
    let held: readonly string[];
    let count: number;
    try {
      const all = await sessions.list();
      count = all.length;
      held = all.flatMap(({ heldBy }) => heldBy ?? []);
    } finally {
      await sessions.close();
    }
    await (await openHost()).close();
    const facts = { file, bytes: there.size, format, sessions: count, held };
    const open = held.length === 0 ? "" : ` ${held.length} open: ${held.join(", ")}.`;
    const says = `${file} is whole: ${bytesInWords(there.size)}, format ${format ?? "unknown"}, ${count} ${count === 1 ? "session" : "sessions"} of this folder.${open}`;
    const writable = await access(file, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable) return broken("store", `${file} cannot be written.`, `chmod u+w ${file}`, facts);
    return fine("store", says, facts);
  } catch (error) {
    const facts = { file, bytes: there.size, format };
    return failed("store", error, "orch --no-session works without it.", facts);
  }
}

/** It is asked by SQLite: who opens the file past it drops the locks that this process may hold. */
async function formatOf(file: string): Promise<number | undefined> {
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

async function diskFinding(folder: string): Promise<Diagnosis> {
  try {
    const { bavail, bsize } = await statfs(await nearestFolder(folder));
    const free = bavail * bsize;
    const says = `${bytesInWords(free)} are free where conversations are kept.`;
    if (free < NOTHING)
      return broken("disk", says, "Make room, or set ORCH_SESSIONS to a file elsewhere.", { free });
    if (free < LITTLE) return note("disk", says, "Make room before it is full.", { free });
    return fine("disk", says, { free });
  } catch {
    return note("disk", "How much room there is cannot be told.");
  }
}

function logFinding({ file, level, problem }: Log): Diagnosis {
  if (file === undefined) return note("log", "No log is written.");
  const facts = { file, level };
  if (problem !== undefined)
    return broken(
      "log",
      `${file} cannot be written: ${problem}.`,
      "Make room, or name a file by --debug=<file>.",
      facts,
    );
  return fine("log", `The log (${level}) is ${file}.`, facts);
}

async function updateFinding(
  { config, stateFolder }: Setup,
  env: Doors["env"],
  now: () => number,
): Promise<Diagnosis> {
  const off = updatesOff(config.config, env, version);
  if (off !== undefined) return fine("updates", `Nobody asks for newer versions: ${off}.`, { off });
  const { asked, newest } = (await readUpdates(stateFolder)) ?? {};
  if (asked === undefined) return fine("updates", "The registry was not asked for newer versions yet.");
  const when = now() - asked < 60_000 ? "just now" : age(now() - asked);
  const facts = { asked, newest };
  if (newest === undefined)
    return note("updates", `The registry was asked ${when}, and gave no answer.`, undefined, facts);
  if (isNewer(newest, version))
    return note(
      "updates",
      `orch ${newest} is there, and this is ${version}.`,
      "npm install -g @orch/chat",
      facts,
    );
  return fine("updates", `${version} is the newest version, asked ${when}.`, facts);
}

async function trustFinding(file: string): Promise<readonly Diagnosis[]> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  try {
    parseJson(text);
    return [];
  } catch {
    return [broken("trust", `${file} is damaged, so nothing is trusted.`, "Delete it; you are asked again.")];
  }
}

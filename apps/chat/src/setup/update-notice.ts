/** Says that a newer version is there. The registry is asked once a day at most, and nothing waits for it. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";
import type { Config } from "../config/config.ts";
import type { Doors } from "../process/doors.ts";

const PACKAGE = "@orch/chat";
const REGISTRY = "https://registry.npmjs.org";
const DAY = 86_400_000;
/** How long the registry may take, in milliseconds. */
const PATIENCE = 3000;
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** What is kept of the last answer. */
export interface UpdateRecord {
  /** When the registry was asked, in milliseconds since the epoch. */
  readonly asked: number;
  /** The newest version by then. */
  readonly newest?: string;
}

/** Where it is looked, and who is told. */
export interface UpdateWatch {
  /** The version that runs. */
  readonly current: string;
  readonly stateFolder: string;
  readonly tell: (says: string) => void;
}

/** Why nobody asks; `undefined` where somebody does. */
export function updatesOff(
  { updates = "daily" }: Config,
  env: Doors["env"],
  current: string,
): string | undefined {
  if (updates === "off") return "the setting updates";
  if (env["NO_UPDATE_NOTIFIER"]) return "NO_UPDATE_NOTIFIER";
  if (env["CI"]) return "CI";
  return VERSION.test(current) ? undefined : "a version that is no release";
}

/** Tells of a newer version that is known, and asks for one when the last time is a day ago. Never rejects. */
export async function watchUpdates(
  { current, stateFolder, tell }: UpdateWatch,
  { env, clock, fetch }: Pick<Doors, "env" | "clock" | "fetch">,
): Promise<void> {
  try {
    const before = await readUpdates(stateFolder);
    const now = clock.now();
    // A clock that was set back must not stop the asking for good.
    if (before !== undefined && now >= before.asked && now - before.asked < DAY) {
      announce(before.newest, current, tell);
      return;
    }
    // Kept first: a registry that does not answer is not asked again today.
    await keep(stateFolder, { ...before, asked: now });
    const registry = (env["npm_config_registry"] || REGISTRY).replace(/\/+$/, "");
    const response = await fetch(`${registry}/${PACKAGE.replace("/", "%2f")}/latest`, {
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) return;
    const { version } = parseJson(await response.text()) as { readonly version?: unknown };
    if (typeof version !== "string" || !VERSION.test(version)) return;
    await keep(stateFolder, { asked: now, newest: version });
    announce(version, current, tell);
  } catch {
    // Without a network, a registry or room on the disk there is nothing to say.
  }
}

/** The last answer; `undefined` where there is none. */
export async function readUpdates(stateFolder: string): Promise<UpdateRecord | undefined> {
  try {
    const { asked, newest } = parseJson(
      await readFile(join(stateFolder, "updates.json"), "utf8"),
    ) as Partial<UpdateRecord>;
    if (typeof asked !== "number") return undefined;
    return { asked, ...(typeof newest === "string" && VERSION.test(newest) && { newest }) };
  } catch {
    return undefined;
  }
}

async function keep(stateFolder: string, record: UpdateRecord): Promise<void> {
  const file = join(stateFolder, "updates.json");
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function announce(newest: string | undefined, current: string, tell: (says: string) => void): void {
  if (newest !== undefined && isNewer(newest, current))
    tell(`orch ${newest} is there, and this is ${current}: npm install -g ${PACKAGE}`);
}

/** Whether version `a` is newer than `b`. */
export function isNewer(a: string, b: string): boolean {
  const [one, two] = [a, b].map((version) => (VERSION.exec(version) ?? []).slice(1).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (one?.[at] ?? 0) - (two?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

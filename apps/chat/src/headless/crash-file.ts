/** The report of a bug in the program. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { stateFolder } from "../config/folders.ts";
import type { Doors } from "../process/doors.ts";
import { version } from "../process/version.ts";

/** Writes what an error holds to a file of its own, and gives the file; `undefined` where it cannot be written. */
export async function crashFile(error: unknown, doors: Doors): Promise<string | undefined> {
  const folder = stateFolder(doors);
  const file = join(folder, `crash-${doors.clock.now()}.log`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, `orch ${version}\n${inspect(error)}\n`, { mode: 0o600 });
    return file;
  } catch {
    return undefined;
  }
}

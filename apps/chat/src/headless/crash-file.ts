/** The report of a bug in the program. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { stateFolder } from "../config/folders.ts";
import type { Doors } from "../process/doors.ts";
import { version } from "../process/version.ts";
import { visibleText } from "../terminal/safe-text.ts";

/** Writes what an error holds to a file of its own, at once, and gives the file; `undefined` where it cannot be written. */
export function crashFile(error: unknown, doors: Doors): string | undefined {
  const folder = stateFolder(doors);
  const file = join(folder, `crash-${doors.clock.now()}.log`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `orch ${version}\n${visibleText(inspect(error), { multiline: true })}\n`, {
      mode: 0o600,
    });
    return file;
  } catch {
    return undefined;
  }
}

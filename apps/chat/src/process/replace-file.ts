/** Small files of the user's own that several chats change. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { systemClock } from "@orch/core/doors";

/** How often another writer is looked after, in milliseconds. */
const LOOK = 20;
/** How many looks it is waited for. After that its lock does not count: no choice of the user's gets lost for it. */
const LOOKS = 100;
/** A lock of this age is of a process that was killed, in milliseconds. */
const STALE = 5_000;

/**
 * Replaces a file, one process after the other: `make` reads what is there now, and gives the new text. The file is there whole
 * at any moment, and only the user can read it. Rejects where it cannot be written, and then leaves nothing behind.
 */
export async function replaceFile(file: string, make: () => Promise<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lock = `${file}.lock`;
  const isHeld = await taken(lock);
  const draft = `${file}.${randomUUID()}.new`;
  try {
    await writeFile(draft, await make(), { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    if (isHeld) await rm(lock, { force: true });
  }
}

/** Takes the lock; `false` where another process did not let go of it. */
async function taken(lock: string): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    try {
      await (await open(lock, "wx", 0o600)).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const there = await stat(lock).catch(() => undefined);
    if (there !== undefined && systemClock.now() - there.mtimeMs > STALE) await rm(lock, { force: true });
    else await new Promise<void>((resolve) => systemClock.after(LOOK, resolve));
  }
  return false;
}

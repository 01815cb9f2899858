/** Writes a file of the user's folder that was not there before. */
import { constants } from "node:fs";
import { open, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FileUnwrittenError } from "../errors/file-unwritten-error.ts";
import { isInside } from "../process/inside-folder.ts";

/** What became of it: nothing is written where a file is already, outside of the folder, or without a folder for it. */
export type NewFile = "written" | "exists" | "outside" | "no-folder";

/** Writes `text` to `name`, a path from `folder`. No link leads out of the folder, and nothing is overwritten. @throws FileUnwrittenError (`ORCH_FILE_UNWRITTEN`). */
export async function writeNewFile(
  folder: string,
  name: string,
  text: string | Uint8Array,
): Promise<NewFile> {
  const root = await realpath(folder);
  const wanted = resolve(root, name);
  if (name.includes("\u0000") || !isInside(root, wanted)) return "outside";
  const parent = await realpath(dirname(wanted)).catch(() => undefined);
  if (parent === undefined) return "no-folder";
  if (parent !== root && !isInside(root, parent)) return "outside";
  const file = join(parent, basename(wanted));
  // Exclusive: a link at that name is a file that is there, wherever it leads.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  try {
    // For its owner only: a conversation is not for everyone on the machine.
    const handle = await open(file, flags, 0o600);
    try {
      await handle.writeFile(text).finally(() => handle.close());
    } catch (error) {
      // Half of it helps nobody, and would be in the way of the next try.
      await rm(file, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return "exists";
    throw new FileUnwrittenError(
      { file: name, reason: code, holds: "nothing was written" },
      { cause: error },
    );
  }
  return "written";
}

/** Writing into the user's folder: no link leads a file out of it. */
import { constants } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";

/**
 * Looks at every step of `path`, which is relative to `folder`.
 *
 * @throws ConfigError (`ORCH_CONFIG`) where a step is a link: whoever made the folder decides where it leads.
 */
export async function refuseLink(folder: string, path: string): Promise<void> {
  const steps = path.split("/");
  for (let depth = 1; depth <= steps.length; depth++) {
    const step = steps.slice(0, depth).join("/");
    const found = await lstat(join(folder, step)).catch(() => undefined);
    if (found?.isSymbolicLink()) throw linked(step);
  }
}

/**
 * Writes a file and the folders it stands in.
 *
 * @throws ConfigError (`ORCH_CONFIG`) as {@link refuseLink} does.
 */
export async function writeInside(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  // Once more, because a folder may have become a link meanwhile.
  await refuseLink(folder, path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
  const file = await open(join(folder, path), flags, 0o666).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ELOOP" ? linked(path) : cause;
  });
  await file.writeFile(text).finally(() => file.close());
}

function linked(file: string): ConfigError {
  return new ConfigError({
    file,
    place: "",
    problem: "it is a link, and nothing is written through a link; remove it first",
  });
}

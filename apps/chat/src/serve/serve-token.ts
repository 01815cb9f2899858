/** The token that clients from elsewhere need, in a file that only the user reads. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Reads the token, or makes it at the first start. */
export async function serveToken(
  stateFolder: string,
): Promise<{ readonly token: string; readonly file: string }> {
  const file = join(stateFolder, "serve-token");
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const fresh = randomBytes(32).toString("base64url");
  try {
    await writeFile(file, `${fresh}\n`, { flag: "wx", mode: 0o600 });
    return { token: fresh, file };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { token: (await readFile(file, "utf8")).trim(), file };
  }
}

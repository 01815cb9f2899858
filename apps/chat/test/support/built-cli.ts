/** The program as it is published: one bundle, built from the sources. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A bundle in a folder of its own. */
export interface BuiltCli extends AsyncDisposable {
  /** What Node runs. */
  readonly file: string;
}

/** Builds the bundle with the package's own script; it takes about a second. */
export async function buildCli(): Promise<BuiltCli> {
  const folder = await mkdtemp(join(tmpdir(), "orch-cli-"));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  await promisify(execFile)(process.execPath, ["build.mjs", join(folder, "dist")], { cwd: root });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  return {
    file: join(folder, "dist/cli.js"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The program as it is published: one bundle, built from the sources, once for all test files that use it. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A bundle. */
export interface BuiltCli extends AsyncDisposable {
  /** What Node runs. */
  readonly file: string;
}

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const SOURCES = [
  "apps/chat/{build.mjs,package.json}",
  "{apps,packages}/*/src/**/*.{ts,tsx}",
  "pnpm-lock.yaml",
];
/** A bundle that no run has used for so long is removed, in milliseconds. */
const STALE = 24 * 60 * 60 * 1000;

let built: Promise<string> | undefined;

/**
 * Builds the bundle with the package's own script, unless there is one of the same sources. It stands outside of the
 * workspace, so that it finds no package that it lacks, and stays for the next run: Node finds compiled what is there already.
 */
export async function buildCli(): Promise<BuiltCli> {
  built ??= build();
  const file = await built;
  return { file, [Symbol.asyncDispose]: async () => undefined };
}

async function build(): Promise<string> {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).toSorted())
    hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  const prefix = `orch-cli-${userInfo().uid}-`;
  const folder = join(tmpdir(), prefix + hash.digest("hex").slice(0, 16));
  const file = join(folder, "dist/cli.js");
  if (!existsSync(file)) {
    await removeStale(prefix);
    const fresh = await mkdtemp(join(tmpdir(), `${prefix}new-`));
    const options = { cwd: join(ROOT, "apps/chat") };
    await promisify(execFile)(process.execPath, ["build.mjs", join(fresh, "dist")], options);
    await writeFile(join(fresh, "package.json"), '{"type":"module"}');
    // Another worker may have been faster.
    await rename(fresh, folder).catch(() => rm(fresh, { recursive: true }));
  }
  const now = new Date();
  await utimes(folder, now, now);
  return file;
}

async function removeStale(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const path = join(tmpdir(), name);
    const used = await stat(path).catch(() => undefined);
    if (used !== undefined && Date.now() - used.mtimeMs > STALE)
      await rm(path, { recursive: true, force: true });
  }
}

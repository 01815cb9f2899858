/** What V8 compiled of the program is kept for its next start, in a folder of the user, and only there. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";

let cli: BuiltCli;
let home: string;
beforeAll(async () => {
  cli = await buildCli();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "orch-compiled-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Starts the program for something short, as a user does whose settings are these, and gives what it said. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const { NODE_COMPILE_CACHE: _, ...env } = childEnvironment({ HOME: home, TMPDIR: home });
  const options = { cwd: home, env: { ...env, ...settings } };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli.file, "--help"], options);
  expect(stderr).toBe("");
  return stdout;
}

/** The files below a folder, each with its number: a file that was written again has another one. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${join(parentPath, name)} ${statSync(join(parentPath, name)).ino}`)
    .toSorted();
}

it("the second start finds what the first one compiled, and writes nothing", async () => {
  const said = await start();
  expect(said).toContain("orch");
  const kept = filesIn(home);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.every((file) => file.startsWith(join(home, ".cache/orch/compiled")))).toBe(true);
  expect(statSync(join(home, ".cache/orch")).mode & 0o077).toBe(0);

  expect(await start()).toBe(said);
  expect(filesIn(home)).toEqual(kept);
});

it("the folder is where the user has caches, or where Node is told, or nowhere", async () => {
  const own = join(home, "own");
  await start({ XDG_CACHE_HOME: own });
  expect(filesIn(home).every((file) => file.startsWith(join(own, "orch/compiled")))).toBe(true);
  expect(filesIn(own).length).toBeGreaterThan(0);
  await rm(own, { recursive: true });

  await start({ NODE_DISABLE_COMPILE_CACHE: "1" });
  expect(filesIn(home)).toEqual([]);
  await start({ NODE_COMPILE_CACHE: own });
  expect(filesIn(own).length).toBeGreaterThan(0);
  expect(existsSync(join(home, ".cache"))).toBe(false);
});

it("where no folder can be made the program starts as ever", async () => {
  const said = await start({ NODE_DISABLE_COMPILE_CACHE: "1" });
  await writeFile(join(home, ".cache"), "a file");

  expect(await start()).toBe(said);
});

it("a new version removes what others left a month ago, and nothing younger", async () => {
  const compiled = join(home, ".cache/orch/compiled");
  const old = join(compiled, "0.0.1-v22.18.0");
  const young = join(compiled, "0.0.2-v24.11.0");
  for (const folder of [old, young]) {
    await mkdir(join(folder, "v"), { recursive: true });
    await writeFile(join(folder, "v/code"), "code");
  }
  const { mtimeMs } = statSync(young);
  const longAgo = new Date(mtimeMs - 31 * 86_400_000);
  await utimes(old, longAgo, longAgo);

  await start();

  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  expect(readdirSync(compiled)).toHaveLength(2);
});

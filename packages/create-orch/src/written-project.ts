/** Writes a template into a folder, whole or not at all. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A project that was written. */
export interface WrittenProject {
  readonly folder: string;
  /** Paths from the folder. */
  readonly files: readonly string[];
  /** Takes everything back that was written, and what an installation added. */
  readonly remove: () => Promise<void>;
}

/** The version of vite that the tests of this repository run on: for Yarn that one and no later, since it refuses one of which any part is not there. */
declare const __VITE__: string;

/**
 * Copies a template. It is made under another name and moved when it is whole, so that a program that is killed leaves no half
 * of it. `manager` will install it. Gives a sentence when that fails. Stops, with nothing made, when `signal` fires.
 */
export async function writeProject(
  template: string,
  folder: string,
  manager: string,
  signal: AbortSignal,
): Promise<WrittenProject | string> {
  let made: string | undefined;
  let stage: string | undefined;
  try {
    const isThere = await readdir(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) made = await mkdir(dirname(folder), { recursive: true });
    // Inside of a folder that is there: the one above may be closed to this user.
    stage = await mkdtemp(
      isThere ? join(folder, ".create-") : join(dirname(folder), `.${basename(folder)}-`),
    );
    const project = join(stage, basename(folder));
    await mkdir(project);
    const files = await fill(project, template, manager);
    if (signal.aborted) throw signal.reason;
    const tops = await readdir(project);
    if (!isThere) await rename(project, folder);
    else for (const top of tops) await rename(join(project, top), join(folder, top));
    const first = made ?? folder;
    return { folder, files, remove: () => (isThere ? empty(folder, tops) : removeAll(first)) };
  } catch (error) {
    if (made !== undefined) await removeAll(made);
    const { code, message } = error as NodeJS.ErrnoException;
    return `${folder} cannot be written (${code ?? message}): name a folder that you may write to.`;
  } finally {
    if (stage !== undefined) await removeAll(stage);
  }
}

async function fill(project: string, template: string, manager: string): Promise<readonly string[]> {
  await cp(template, project, { recursive: true });
  // npm leaves files of this name out of a package.
  await rename(join(project, "_gitignore"), join(project, ".gitignore"));
  for (const file of ["package.json", "README.md"]) await putName(join(project, file), basename(project));
  if (manager === "yarn") await suitYarn(project);
  return filesOf(project);
}

/** Yarn installs no peers, of which the test runner has one, and without `node_modules` the compiler finds no types. */
async function suitYarn(project: string): Promise<void> {
  await writeFile(join(project, ".yarnrc.yml"), "nodeLinker: node-modules\n");
  const file = join(project, "package.json");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace(/^ {4}"vitest": /m, `    "vite": "${__VITE__}",\n$&`));
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** The template leaves the name open: as an empty one in `package.json`, as `{{name}}` in a text. */
async function putName(file: string, name: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace('"name": ""', `"name": "${name}"`).replaceAll("{{name}}", name));
}

/** What an installation adds to what was written. */
const ADDED = [
  "node_modules",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  ".yarn",
  ".pnp.cjs",
  "bun.lock",
];

/** Empties a folder that was there before; what else is in it stays. */
async function empty(folder: string, tops: readonly string[]): Promise<void> {
  for (const name of [...tops, ...ADDED]) await removeAll(join(folder, name));
}

function removeAll(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}

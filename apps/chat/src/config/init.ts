/** `orch init` and `orch new`: an orchestration of the user's own to begin with, and all that its types and tests need. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FileExistsError } from "../errors/file-exists-error.ts";
import { addOrchestration } from "./add-orchestration.ts";
import { type BundledName, copiedOrchestration } from "./bundled-orchestrations.ts";
import { refuseLink, writeInside } from "./inside-file.ts";
import {
  COMPILER_FILE,
  CONFIG_FILE,
  copyTest,
  hello,
  newOrchestration,
  type OrchestrationFiles,
} from "./project-files.ts";
import { projectManifest } from "./project-manifest.ts";
import type { Trust } from "./trust.ts";

/** Which files were written, and what the user has to do about the others. */
export interface FileReport {
  readonly files: readonly string[];
  readonly advice: readonly string[];
}

/** What a new orchestration is made with. */
export interface NewParts {
  readonly version: string;
  readonly trust: Trust;
  /** What the user types to start the program. */
  readonly orch: string;
  /** The bundled one that it is a copy of. Default: one with a single agent. */
  readonly copyOf?: BundledName | undefined;
}

const CONFIG = "orch.config.json";
/** Where the files of the project are no ES modules, those of `orc/` are. */
const INNER = "orc/package.json";
const MODULE = '{ "type": "module" }\n';

/**
 * Writes a configuration with the orchestration `hello`.
 *
 * @throws FileExistsError (`ORCH_FILE_EXISTS`) before anything is written, when there is one already.
 */
export async function init(folder: string, { version, trust, orch }: NewParts): Promise<FileReport> {
  if ((await existing(join(folder, CONFIG))) !== undefined) throw new FileExistsError({ file: CONFIG });
  return write(folder, "hello", hello(orch), version, trust);
}

/**
 * Writes the orchestration `name` and names it in the configuration.
 *
 * @throws FileExistsError (`ORCH_FILE_EXISTS`) before anything is written, when there is one already.
 */
export async function initNew(
  folder: string,
  name: string,
  { version, trust, orch, copyOf }: NewParts,
): Promise<FileReport> {
  const files =
    copyOf === undefined
      ? newOrchestration(name, orch)
      : { ...(await copiedOrchestration(copyOf, name, orch)), test: copyTest(name) };
  return write(folder, name, files, version, trust);
}

async function write(
  folder: string,
  name: string,
  { code, test, beside = new Map() }: OrchestrationFiles,
  version: string,
  trust: Trust,
): Promise<FileReport> {
  const [file, testFile] = [`orc/${name}.ts`, `orc/${name}.test.ts`];
  const others = [...beside].map(([path, text]) => [`orc/${path}`, text] as const);
  for (const one of [file, testFile, ...others.map(([path]) => path)])
    if ((await existing(join(folder, one))) !== undefined) throw new FileExistsError({ file: one });
  const advice: string[] = [];
  const texts = new Map([[file, code], [testFile, test], ...others]);
  const config = addOrchestration((await existing(join(folder, CONFIG))) ?? CONFIG_FILE, name, `./${file}`);
  if (config !== undefined) texts.set(CONFIG, config);
  else
    advice.push(
      `Add "${name}": { "file": "./${file}" } under orchestrations in ${CONFIG}, which was left as it is.`,
    );
  const manifest = projectManifest(await existing(join(folder, "package.json")), version);
  if (manifest.text !== undefined) texts.set("package.json", manifest.text);
  if (manifest.advice !== undefined) advice.push(manifest.advice);
  if (manifest.isScript) {
    const inner = await existing(join(folder, INNER));
    if (inner === undefined) texts.set(INNER, MODULE);
    else if (inner !== MODULE && !/"type"\s*:\s*"module"/.test(inner))
      advice.push(`${INNER} has no "type": "module", which orc/*.ts need: add it.`);
  }
  const compiler = await existing(join(folder, "tsconfig.json"));
  if (compiler === undefined) texts.set("tsconfig.json", COMPILER_FILE);
  else if (compiler !== COMPILER_FILE)
    advice.push("tsconfig.json was left as it is: let it include orc/*.ts, with allowImportingTsExtensions.");
  for (const path of texts.keys()) await refuseLink(folder, path);
  for (const [path, text] of texts) await writeInside(folder, path, text);
  // We wrote it, so we know what it does.
  await trust.remember({ name: join(folder, file), content: code });
  return { files: [...texts.keys()], advice };
}

/** The text of a file; `undefined` where there is none. */
async function existing(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

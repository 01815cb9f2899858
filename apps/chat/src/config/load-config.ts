/** Reads the configuration of a folder, layer by layer. */
import { access, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isOrchError, parseJson } from "@orch/core";
import { problemLine } from "../errors/code-problem.ts";
import { ConfigError } from "../errors/config-error.ts";
import { UntrustedError } from "../errors/untrusted-error.ts";
import type { Doors } from "../process/doors.ts";
import { readProblem } from "../process/read-problem.ts";
import { hasScreenReader } from "../process/screen-reader.ts";
import type { Flags } from "./args.ts";
import { checkConfig } from "./check-config.ts";
import { codeProblems } from "./code-problems.ts";
import type { Config } from "./config.ts";
import { configFolder } from "./folders.ts";
import { type ForeignConfig, judgeForeign } from "./foreign-config.ts";
import { withoutComments } from "./jsonc.ts";
import { type Layer, type LayeredConfig, mergeLayers } from "./layers.ts";
import { OwnCode } from "./own-code.ts";
import type { SavedSettings } from "./saved-settings.ts";
import { defaults } from "./schema.ts";
import type { Trust } from "./trust.ts";

/** The configuration of a folder, and what the user should know about it. */
export interface LoadedConfig extends LayeredConfig {
  readonly warnings: readonly string[];
  /** The file of the folder, when there is one that is not the user's own. */
  readonly foreign?: ForeignConfig;
}

/** One file, read. */
interface ReadLayer {
  readonly config: Config;
  readonly warnings: readonly string[];
  readonly foreign?: ForeignConfig;
}

const PROJECT_FILES = ["orch.config.json", "orch.config.ts", "orch.config.js"];

/**
 * Reads defaults, the user's file, what the chat keeps for the user, the project's file, the environment, the flags and what was chosen
 * since the start; later wins.
 *
 * @throws ConfigError (`ORCH_CONFIG`) for a file that cannot be read or a value of the wrong type.
 */
export async function loadConfig(
  folder: string,
  flags: Flags,
  doors: Pick<Doors, "env" | "home">,
  trust: Trust,
  saved: Pick<SavedSettings, "file" | "now">,
): Promise<LoadedConfig> {
  const warnings: string[] = [];
  const layers: Layer[] = [{ name: "defaults", config: defaults }];
  let foreign: ForeignConfig | undefined;
  const add = async (file: string | undefined, mine: boolean): Promise<void> => {
    if (file === undefined) return;
    const read = await readLayer(file, mine, mergeLayers(layers).config, trust);
    layers.push({ name: file, config: read.config });
    warnings.push(...read.warnings);
    foreign = read.foreign;
  };
  await add(await existing(join(configFolder(doors), "config.json")), true);
  await add(await existing(saved.file), true);
  // A file named on the command line is the user's own choice; one that merely lies in the folder is not.
  if (flags.config !== undefined) await add(resolve(folder, flags.config), true);
  else await add(await findProjectFile(folder), false);
  layers.push({ name: "environment", config: fromEnv(doors.env) });
  layers.push({ name: "command line", config: fromFlags(flags) });
  layers.push({ name: "this chat", config: saved.now });
  return { ...mergeLayers(layers), warnings, ...(foreign !== undefined && { foreign }) };
}

/** Looks in `folder` and above, up to the root of the repository. */
async function findProjectFile(folder: string): Promise<string | undefined> {
  const root = await gitRoot(folder);
  for (let at = folder; ; at = dirname(at)) {
    for (const name of PROJECT_FILES) {
      const found = await existing(join(at, name));
      if (found !== undefined) return found;
    }
    if (at === root || root === undefined || dirname(at) === at) return undefined;
  }
}

async function gitRoot(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await existing(join(at, ".git"))) !== undefined) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function readLayer(file: string, mine: boolean, below: Config, trust: Trust): Promise<ReadLayer> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError({ file, place: "", problem: readProblem(cause) }, { cause });
  });
  if (!file.endsWith(".json")) return readCode(file, text, mine, trust);
  const { config, warnings } = checkConfig(file, parse(file, text));
  if (mine) return { config: anchored(config, file), warnings };
  const { config: held, warnings: skipped, foreign } = await judgeForeign(file, config, below, trust);
  return { config: anchored(held, file), warnings: [...warnings, ...skipped], foreign };
}

async function readCode(file: string, text: string, mine: boolean, trust: Trust): Promise<ReadLayer> {
  const subject = { name: file, content: text };
  const trusted = mine || (await trust.allows(subject));
  const foreign = { file, code: true, weighty: [], trusted, subject };
  const asked = mine ? {} : { foreign };
  if (!trusted) {
    const { message } = new UntrustedError({ file });
    const warning = `${message.split("\n")[0]} It was skipped. Read it, then start once with --trust.`;
    return { config: {}, warnings: [warning], foreign: { ...foreign, warning } };
  }
  const code = new OwnCode(file, text);
  const { default: value } = await code.exports().catch(async (cause: unknown) => {
    const problems = await codeProblems(code, cause);
    const lines = problems.map(problemLine);
    const problem = `it cannot be loaded: ${lines.join(" ").replace(/\.$/, "")}`;
    throw new ConfigError({ file, place: "", problem }, { cause });
  });
  if (typeof value !== "object" || value === null)
    throw new ConfigError({ file, place: "export default", problem: "there is no configuration there" });
  const { config, warnings } = checkConfig(file, value);
  return { config: anchored(config, file), warnings, ...asked };
}

function parse(file: string, text: string): unknown {
  try {
    return parseJson(withoutComments(text));
  } catch (cause) {
    const detail = isOrchError(cause, "ORCH_JSON") ? cause.facts.detail : undefined;
    throw new ConfigError(
      { file, place: "", problem: `it is not JSON: ${detail ?? sentence(cause)}` },
      { cause },
    );
  }
}

/** Paths in a configuration are relative to it. */
function anchored(config: Config, file: string): Config {
  const base = dirname(file);
  const at = (path: string): string => (isAbsolute(path) ? path : join(base, path));
  const orchestrations = Object.entries(config.orchestrations ?? {}).map(([name, entry]) => [
    name,
    entry.file === undefined ? entry : { ...entry, file: at(entry.file) },
  ]);
  return {
    ...config,
    ...(orchestrations.length > 0 && {
      orchestrations: Object.fromEntries(orchestrations) as Config["orchestrations"],
    }),
    ...(config.sessions?.file !== undefined && {
      sessions: { ...config.sessions, file: at(config.sessions.file) },
    }),
  };
}

function fromEnv(env: Doors["env"]): Config {
  const { ORCH_MODEL: model, ORCH_ORCHESTRATION: orchestration, ORCH_SESSIONS: sessions } = env;
  return {
    ...(model && { model }),
    ...(orchestration && { orchestration }),
    ...(sessions && { sessions: { file: sessions } }),
    ...(hasScreenReader(env) && { ui: { screenReader: true } }),
  };
}

function fromFlags(flags: Flags): Config {
  const { model, orchestration, screenReader } = flags;
  return {
    ...(model !== undefined && { model }),
    ...(orchestration !== undefined && { orchestration }),
    ...(screenReader === true && { ui: { screenReader } }),
  };
}

async function existing(file: string): Promise<string | undefined> {
  return access(file).then(
    () => file,
    () => undefined,
  );
}

function sentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.replace(/\.$/, "");
}

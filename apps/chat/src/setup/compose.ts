/** Puts the program together from its configuration: model, orchestration and sessions. */
import { realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Tool } from "@orch/agents";
import type { FindFiles } from "@orch/agents/files";
import type { RuntimeConfiguration, SessionStore } from "@orch/chat-runtime";
import type { JournalRecord } from "@orch/core/host";
import type { Flags } from "../config/args.ts";
import { DEFAULT_MODELS, KEYS, OFFLINE_MODEL } from "../config/default-models.ts";
import { stateFolder } from "../config/folders.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { SavedSettings } from "../config/saved-settings.ts";
import { openTrust, type Trust } from "../config/trust.ts";
import { ConfigError } from "../errors/config-error.ts";
import { findByGit } from "../folder-index/find-by-git.ts";
import { findByIndex } from "../folder-index/find-by-index.ts";
import type { Log } from "../log/log.ts";
import { loggedFetch } from "../log/logged-fetch.ts";
import { loginsIn } from "../mcp/mcp-logins.ts";
import { McpServers } from "../mcp/mcp-servers.ts";
import type { OrchestrationContext, StateSummaries } from "../orchestrations/orchestration-context.ts";
import type { Doors } from "../process/doors.ts";
import type { CodeChange, ContextListener } from "../sessions/interactive-context.ts";
import type { KeptHost } from "../sessions/kept-host.ts";
import { LateNotices } from "./late-notices.ts";
import type { NamedFile, ReadNamed } from "./named-files.ts";
import { openLog } from "./open-log.ts";
import { OwnOrchestrations } from "./own-orchestrations.ts";
import { quietGit } from "./quiet-git.ts";
import { RowSummaries } from "./row-summaries.ts";
import { storesIn } from "./stores.ts";
import { unknownOrchestration } from "./unknown-orchestration.ts";
import type { RunLists } from "./worker-host.ts";
import { type Choice, type Composed, composer, contextOf, type MakeRuntime, NO_FILES } from "./workshop.ts";

/** The program for one folder. */
export interface Setup {
  /** The real path of the folder the user works in. */
  readonly folder: string;
  readonly stateFolder: string;
  /** The database of conversations and runs; it may not be there yet. */
  readonly sessionsFile: string;
  readonly log: Log;
  readonly config: LoadedConfig;
  /** The configuration as it was last read. */
  readonly now: () => LoadedConfig;
  /** Reads the configuration again, after something was kept. What was composed stays as it is. */
  readonly reload: () => Promise<void>;
  /** What commands of the chat keep for the user. */
  readonly saved: SavedSettings;
  readonly trust: Trust;
  /** What the configuration chooses. */
  readonly choice: Choice;
  /** All orchestrations by name, the bundled ones first. */
  readonly orchestrations: readonly string[];
  /** What the user should be told once. */
  readonly notices: readonly string[];
  /** How to get a language model; absent when a model is configured. */
  readonly modelHint?: string;
  /**
   * Makes what answers. A provider's SDK is loaded by its first call, not here.
   *
   * @throws OrchestrationUnknownError (`ORCH_ORCHESTRATION_UNKNOWN`), and what `resolveModel` throws.
   */
  readonly compose: (choice: Choice, listener?: ContextListener) => Promise<Composed>;
  /** The MCP servers of the configuration. */
  readonly servers: McpServers;
  /** Calls `tell` for each line that comes up after the start. */
  readonly onNotice: LateNotices["onNotice"];
  /** Says a line after the start. */
  readonly tellLater: (says: string) => void;
  /** The orchestrations of one's own. */
  readonly own: OwnOrchestrations;
  /** What the row of a state says of its output, in the words of the orchestration; `undefined` where it has none. */
  readonly summarize: RowSummaries["of"];
  /** The files that a message names, as they go to what was composed of these names. */
  readonly attached: (text: string, names: Choice) => Promise<readonly NamedFile[]>;
  /** Makes the orchestration of a file, or a bundled one, with the model that needs no key. Rejects as `compose` does. */
  readonly check: (name: string, file: string | undefined) => Promise<RuntimeConfiguration>;
  /**
   * What changed since `compose` made an orchestration of one's own, or that it has not made it; `undefined` for a
   * bundled one.
   */
  readonly changed: (orchestration: string) => Promise<CodeChange | undefined> | undefined;
  /** Opens the sessions of this folder. */
  readonly openSessions: () => Promise<SessionStore>;
  /** Opens the host of the runs that answer: in the same file, or workers elsewhere. */
  readonly openHost: () => Promise<KeptHost>;
  /** The runs of all folders as they are kept there. Close it after use. */
  readonly openRuns: () => Promise<RunLists>;
  /** The journal of a run there; `undefined` for a run that is not there. */
  readonly readRecords: (runId: string) => Promise<readonly JournalRecord[] | undefined>;
}

/** A file of an orchestration that comes with the program. */
interface Bundled {
  readonly default: (context: OrchestrationContext) => RuntimeConfiguration | Promise<RuntimeConfiguration>;
  readonly summaries?: StateSummaries;
}

const BUNDLED: { readonly [name: string]: () => Promise<Bundled> } = {
  research: () => import("../orchestrations/research.ts"),
  chat: () => import("../orchestrations/chat.ts"),
  triage: () => import("../orchestrations/triage.ts"),
  review: () => import("../orchestrations/review.ts"),
};

/** One line about each bundled orchestration. */
export const descriptions: { readonly [name: string]: string } = {
  research: "searches your files side by side and reports with checked citations",
  chat: "one agent that can list, search and read your files",
  triage: "a desk that hands you over to who knows: code, documents or data",
  review: "judges a file or your changes, and asks you what stays of it",
};

/** What is said where the tools would look through all that the user has. */
const homeNotice =
  "This is your home folder, or one above it: the file tools may read all of it but folders and files of secrets. Start in a project's folder, or name one by --cwd.";

/** How to get a language model. */
const modelHint = `Set ${KEYS}, or --model ollama/<model>.`;

/** Makes an orchestration of a file, or a bundled one by its name. */
function makerOf(names: readonly string[], own: OwnOrchestrations, summaries: RowSummaries): MakeRuntime {
  return async (name, file, context) => {
    if (file !== undefined) return own.make(name, file, context);
    const bundled = BUNDLED[name];
    if (bundled === undefined) throw unknownOrchestration(name, names);
    const orchestration = await bundled();
    summaries.keep(name, orchestration);
    return orchestration.default(context);
  };
}

/** Reads the configuration and returns the setup for it. `known`: a record of trust that is open already. */
export async function openSetup(flags: Flags, outside: Doors, known?: Trust): Promise<Setup> {
  const folder = folderOf(flags, outside);
  const state = stateFolder(outside);
  const trust = known ?? openTrust(state, { grant: flags.trust, keep: flags.session });
  const saved = new SavedSettings(outside, flags.session);
  let config = await loadConfig(folder, flags, outside, trust, saved);
  const log = await openLog(flags, config.config, state, outside);
  const doors = { ...outside, fetch: loggedFetch(outside.fetch, log, outside.clock) };
  const { choice, hint } = choose(config, doors.env);
  const entries = config.config.orchestrations ?? {};
  const summaries = new RowSummaries();
  const own = new OwnOrchestrations(entries, folder, trust, summaries);
  const names = [...new Set([...Object.keys(BUNDLED), ...Object.keys(entries)])];
  const make = makerOf(names, own, summaries);
  const attached = new Map<string, ReadNamed>();
  const given = new Map<string, readonly Tool[]>();
  const late = new LateNotices();
  const servers = serversOf(config, folder, state, { doors, log, late });
  const atHome = holdsHome(folder, doors.home);
  const find = finderOf(folder, flags.session && !atHome ? join(state, "index") : undefined, doors);
  const sessionsFile = config.config.sessions?.file ?? join(state, "sessions.db");
  return {
    folder,
    stateFolder: state,
    sessionsFile,
    log,
    config,
    now: () => config,
    reload: async () => {
      config = await loadConfig(folder, flags, doors, trust, saved);
    },
    saved,
    trust,
    choice,
    orchestrations: names,
    notices: [...config.warnings, ...(atHome ? [homeNotice] : [])],
    ...(hint !== undefined && { modelHint: hint }),
    own,
    summarize: summaries.of,
    compose: composer({ now: () => config, folder, doors, log, own, make, attached, servers, given, find }),
    servers,
    onNotice: late.onNotice,
    tellLater: late.add,
    attached: (text, { orchestration, model }) =>
      attached.get(JSON.stringify({ orchestration, model }))?.(text) ?? NO_FILES(text),
    check: (name, file) => make(name, file, contextOf(OFFLINE_MODEL, config, folder, doors)),
    changed: (name) =>
      own.changed(name)?.then((isOther) => {
        if (isOther) return "files";
        const tools = given.get(name);
        return tools === undefined || servers.has(tools) ? undefined : "tools";
      }),
    ...storesIn(sessionsFile, folder, doors, config.config),
  };
}

/** The MCP servers of the configuration; what comes up with them is a line on the screen, and one in the log. */
function serversOf(
  { config }: LoadedConfig,
  folder: string,
  state: string,
  { doors, log, late }: { readonly doors: Doors; readonly log: Log; readonly late: LateNotices },
): McpServers {
  return new McpServers(config.mcp ?? {}, {
    clock: doors.clock,
    fetch: doors.fetch,
    folder,
    failed: (says) => {
      log.write("warn", "mcp", { says });
      late.add(says);
    },
    back: (says) => {
      log.write("info", "mcp", { says });
      late.add(says, "done");
    },
    logged: ({ server, level, text }) => log.write("info", "mcp", { server, level, text }),
    logins: loginsIn(state),
  });
}

/** `kept`: where indexes are kept. Without a session nothing is, and nothing of all that a user has at home. */
function finderOf(root: string, kept: string | undefined, { thread, clock, programs }: Doors): FindFiles {
  const byGit = findByGit((args) => quietGit(args, root, programs));
  return findByIndex({ place: { folder: kept, root }, start: thread, clock, byGit });
}

function folderOf(flags: Flags, { cwd }: Doors): string {
  const folder = resolve(cwd, flags.cwd ?? ".");
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new ConfigError({ file: folder, place: "", problem: "there is no such folder" }, { cause });
  }
}

function holdsHome(folder: string, home: string): boolean {
  let real: string;
  try {
    real = realpathSync(home);
  } catch {
    return false;
  }
  const way = relative(folder, real);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The model of an orchestration counts less than a model that was named for this start. */
function choose(loaded: LoadedConfig, env: Doors["env"]): { choice: Choice; hint?: string } {
  const { config, origins } = loaded;
  const general = config.model ?? DEFAULT_MODELS.find(({ key }) => env[key])?.model;
  const generative = general !== undefined && !general.startsWith("local/");
  const orchestration = config.orchestration ?? (generative ? "chat" : "research");
  const layer = origins.get("model")?.at(-1)?.layer;
  const forNow = layer === "command line" || layer === "environment";
  const special = forNow ? undefined : config.orchestrations?.[orchestration]?.model;
  const model = special ?? general;
  if (model !== undefined) return { choice: { orchestration, model } };
  return { choice: { orchestration, model: OFFLINE_MODEL }, hint: modelHint };
}

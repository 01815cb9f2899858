/** Hands the program over to the screen. */
import { type ModelsConfig, modelName } from "@orch/agents";
import { memorySessions } from "@orch/chat-runtime";
import { memoryHost } from "@orch/core/host";
import type { Flags } from "./config/args.ts";
import { OFFLINE_MODEL } from "./config/default-models.ts";
import { watchFiles } from "./config/watch-files.ts";
import { exitCodes } from "./headless/exit-codes.ts";
import type { Doors } from "./process/doors.ts";
import { version } from "./process/version.ts";
import type { InteractiveContext, SessionChoice } from "./sessions/interactive-context.ts";
import { descriptions, type Setup } from "./setup/compose.ts";
import { fetchKeptFile } from "./setup/fetch-kept-file.ts";
import { folderFiles } from "./setup/folder-files.ts";
import { stateModelNames } from "./setup/model-by-state.ts";
import { modelsOf } from "./setup/models-of.ts";
import { toolGroups } from "./setup/tool-groups.ts";
import { updatesOff, watchUpdates } from "./setup/update-notice.ts";
import { userSettings } from "./setup/user-settings.ts";
import { codeTrust } from "./trust/code-trust.ts";

/** What the screen needs, from the program's setup. */
export function interactiveContext(
  setup: Setup,
  message: string | undefined,
  flags: Flags,
  doors: Doors,
): InteractiveContext {
  return {
    version,
    folder: setup.folder,
    stateFolder: setup.stateFolder,
    keeps: flags.session,
    env: doors.env,
    stdin: doors.stdin,
    stdout: doors.stdout,
    divert: doors.divert,
    onCrash: doors.onCrash,
    log: setup.log,
    ...offeredBy(setup, doors),
    codeTrust: codeTrust(setup),
    onNotice: onNotice(setup, flags, doors),
    clock: doors.clock,
    random: doors.random,
    ...setup.choice,
    orchestrations: setup.orchestrations.map((name) => ({ name, ...descriptionOf(name, setup) })),
    get models() {
      return modelsOf(setup);
    },
    ...composing(setup),
    notices: setup.notices,
    stateModels: (orchestration) => stateModelNames(setup.config, orchestration),
    changed: setup.changed,
    watch: (name, changed) => watchFiles(setup.own.filesOf(name), doors.clock, changed),
    summarize: setup.summarize,
    openSessions: () => (flags.session ? setup.openSessions() : Promise.resolve(memorySessions())),
    openHost: () => (flags.session ? setup.openHost() : Promise.resolve(memoryHost())),
    readRecords: (runId) => (flags.session ? setup.readRecords(runId) : Promise.resolve(undefined)),
    inbox: { busy: setup.config.config.inbox ?? "queue" },
    attached: async (text, names) => (await setup.attached(text, names)).map(({ says }) => says),
    ...startOf(flags),
    ...(message !== undefined && { message }),
    ...lookOf(setup),
    settings: userSettings(setup, doors, flags.session),
    job: doors.job,
    programs: doors.programs,
    files: async () => {
      const [files, resources] = [folderFiles(setup.folder, doors.programs), setup.servers.resources.list()];
      return [...(await files), ...(await resources)];
    },
    onInterrupt: (stop) => doors.onSignal("SIGINT", stop),
    onEnd: (end) => onEnd(end, doors),
  };
}

/** Makes what answers, and keeps what is known of it since. */
function composing(
  setup: Setup,
): Pick<InteractiveContext, "compose" | "contextWindow" | "tokensSent" | "usesModel" | "modelHint"> {
  const windows = new Map<string, number | undefined>();
  const sent = new Map<string, number | undefined>();
  const asking = new Map<string, boolean>();
  const usesModel = (name: string): boolean => asking.get(name) ?? setup.own.fileOf(name) === undefined;
  let hint = setup.modelHint;
  return {
    compose: async (choice, listener) => {
      const { model, models, configuration, tokensSent, asksModel } = await setup.compose(choice, listener);
      asking.set(choice.orchestration, asksModel);
      windows.set(choice.model, model.caps.contextWindow);
      sent.set(choice.model, tokensSent);
      for (const { id, caps } of models) windows.set(modelName(id), caps.contextWindow);
      return configuration;
    },
    contextWindow: (model) => windows.get(model),
    tokensSent: (model) => sent.get(model),
    usesModel,
    modelHint: ({ orchestration, model }) => {
      if (hint === undefined || model !== OFFLINE_MODEL || !usesModel(orchestration)) return undefined;
      const says = `No model is configured. ${hint.replace(/\.$/, "")}, or type /connect.`;
      hint = undefined;
      return says;
    },
  };
}

/** Long enough after the start to be out of the way of the first paint, in milliseconds. */
const UPDATE_DELAY = 1000;

/** The timer and the request end with the process, which waits for neither. */
function onNotice(
  { config, stateFolder, tellLater: tell, onNotice: listen }: Setup,
  { session }: Flags,
  doors: Doors,
): InteractiveContext["onNotice"] {
  if (!session || updatesOff(config.config, doors.env, version) !== undefined) return listen;
  doors.clock.after(UPDATE_DELAY, () => void watchUpdates({ current: version, stateFolder, tell }, doors));
  return listen;
}

/** A terminal that is closed tells so in several ways, one after the other: none of the later ones ends what is being kept. */
function onEnd(end: (code: number) => void, { onSignal, onHangup }: Doors): () => void {
  let isEnding = false;
  const fire = (code: number): void => {
    isEnding = true;
    end(code);
  };
  const names = ["SIGTERM", "SIGHUP"] as const;
  const listening = [
    ...names.map((signal) => onSignal(signal, () => fire(exitCodes[signal]))),
    onHangup(() => fire(exitCodes.SIGHUP)),
  ];
  return () => {
    if (!isEnding) for (const off of listening) off();
  };
}

/** How it looks and feels, as far as the configuration says. */
function lookOf({
  config,
}: Setup): Pick<InteractiveContext, "theme" | "glyphs" | "vim" | "screenReader" | "notify"> {
  const { theme, glyphs, notify, vim = false, screenReader = false } = config.config.ui ?? {};
  return {
    vim,
    screenReader,
    ...(theme !== undefined && { theme }),
    ...(notify !== undefined && { notify }),
    ...(glyphs !== undefined && glyphs !== "auto" && { glyphs }),
  };
}

/** The user's own words go before those of the program. */
function descriptionOf(name: string, { config }: Setup): { readonly description?: string } {
  const description = config.config.orchestrations?.[name]?.description ?? descriptions[name];
  return description === undefined ? {} : { description };
}

/** What the command line says of the conversation to begin with. */
function startOf(flags: Flags): Pick<InteractiveContext, "session" | "named"> {
  const named = { orchestration: flags.orchestration !== undefined, model: flags.model !== undefined };
  return { session: sessionOf(flags), named };
}

function sessionOf(flags: Flags): SessionChoice {
  if (flags.resume !== undefined) return { type: "id", id: flags.resume };
  return flags.continue ? { type: "last" } : { type: "new" };
}

/** What tools and servers offer. */
function offeredBy(
  setup: Setup,
  doors: Doors,
): Pick<InteractiveContext, "toolGroups" | "serverPrompts" | "retryServers" | "fetchFile"> {
  const { prompts, retry } = setup.servers;
  return {
    toolGroups: () => toolGroups(setup),
    serverPrompts: prompts,
    retryServers: retry,
    // The schema leaves the inside of `providers` to who uses it.
    fetchFile: (part) => fetchKeptFile(part, setup.now().config as ModelsConfig, doors),
  };
}

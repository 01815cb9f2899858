/** Makes what answers messages: a model, an orchestration, and what stands around both. */
import { type Model, type ModelsConfig, resolveModel, type Tool } from "@orch/agents";
import type { FindFiles } from "@orch/agents/files";
import { type RuntimeConfiguration, withMiddleware } from "@orch/chat-runtime";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Log } from "../log/log.ts";
import { loggedTurns } from "../log/logged-turns.ts";
import type { McpServers } from "../mcp/mcp-servers.ts";
import type { OrchestrationContext } from "../orchestrations/orchestration-context.ts";
import type { Doors } from "../process/doors.ts";
import type { ContextListener } from "../sessions/interactive-context.ts";
import type { StateModelNames } from "../sessions/state-models.ts";
import { modelByState, stateModelNames } from "./model-by-state.ts";
import { attacher, type ReadNamed, refusing, withAttachments } from "./named-files.ts";
import type { OwnOrchestrations } from "./own-orchestrations.ts";
import { quietGit } from "./quiet-git.ts";
import { shortening } from "./shortening.ts";

/** Which orchestration answers with which model. */
export interface Choice {
  readonly orchestration: string;
  /** As `provider/model`. */
  readonly model: string;
  /** Models of single states. Default: those of the configuration. */
  readonly states?: StateModelNames;
}

/** The configuration that answers messages, ready to run. */
export interface Composed {
  readonly configuration: RuntimeConfiguration;
  readonly model: Model;
  /** Whether it asked for that model; one of one's own may use none, or others. */
  readonly asksModel: boolean;
  /** All models that it may call, with the names that they have by themselves. */
  readonly models: readonly Model[];
  /** Estimated tokens of a conversation that are sent at most; absent where it is sent whole. */
  readonly tokensSent?: number;
}

/** Makes an orchestration by its name, or of its file. */
export type MakeRuntime = (
  name: string,
  file: string | undefined,
  context: OrchestrationContext,
) => Promise<RuntimeConfiguration>;

/** What is needed to make what answers. */
export interface Workshop {
  readonly now: () => LoadedConfig;
  readonly folder: string;
  readonly doors: Doors;
  readonly log: Log;
  readonly own: OwnOrchestrations;
  readonly make: MakeRuntime;
  readonly servers: McpServers;
  /** Filled in: the tools of servers that an orchestration of one's own was given last. */
  readonly given: Map<string, readonly Tool[]>;
  readonly find: FindFiles;
  /** Filled in: who reads the files that messages name, by the names of what answers. */
  readonly attached: Map<string, ReadNamed>;
}

/** Makes the function that composes what answers. */
export function composer({
  now,
  folder,
  doors,
  log,
  own,
  make,
  attached,
  servers,
  given,
  find,
}: Workshop): (choice: Choice, listener?: ContextListener) => Promise<Composed> {
  return async ({ orchestration, model: name, states = stateModelNames(now(), orchestration) }, listener) => {
    const config = now();
    const general = contextOf(name, config, folder, doors);
    const byState = new Map(
      Object.entries(states).map(([state, one]) => [state, modelOf(one, config, folder, doors)]),
    );
    const model = modelByState(general.model, byState);
    const file = own.fileOf(orchestration);
    let asksModel = file === undefined;
    const context = {
      ...general,
      get model() {
        asksModel = true;
        return model;
      },
      find,
      ...(servers.states.length > 0 && {
        mcpTools: async () => {
          const tools = await servers.tools();
          if (file !== undefined) given.set(orchestration, tools);
          return tools;
        },
      }),
    };
    // Nothing waits for them before a message does.
    if (orchestration === "chat" && file === undefined) void servers.connect();
    const made = await make(orchestration, file, context);
    const models = [general.model, ...byState.values()];
    const labels = { orchestration, model: name };
    const read = attacher(folder, general.model.caps, servers.resources.read);
    const attach = takesFiles(made) ? read : NO_FILES;
    attached.set(JSON.stringify(labels), attach === read ? read : refusing(read, orchestration));
    // Kept with each turn, so that its run can be taken up again by what it was made of.
    const short = shortening({ ...made, labels }, models, config.config, listener);
    // What is attached counts towards what is sent, so it comes before the shortening.
    const configuration = withMiddleware(
      short.configuration,
      loggedTurns(log, doors.clock.now, labels),
      withAttachments(attach),
    );
    return { model, asksModel, models, ...short, configuration };
  };
}

/** Attaches nothing. */
export const NO_FILES: ReadNamed = () => Promise.resolve([]);

/** Others read the folder themselves, and take the message for a question or a name. */
function takesFiles(made: RuntimeConfiguration): boolean {
  return "orchestration" in made && made.remembers !== undefined && made.remembers !== false;
}

/** What an orchestration is made from. */
export function contextOf(
  model: string,
  config: LoadedConfig,
  root: string,
  doors: Doors,
): OrchestrationContext {
  const { maxTurns = 10, concurrency = 4 } = config.config.limits ?? {};
  const limits = { maxTurns, concurrency };
  const git = (args: readonly string[]) => quietGit(args, root, doors.programs);
  return { model: modelOf(model, config, root, doors), root, clock: doors.clock, git, limits };
}

function modelOf(name: string, { config }: LoadedConfig, root: string, doors: Doors): Model {
  // The schema leaves the inside of `providers` to `resolveModel`, which checks it.
  const { providers = {}, models = {} } = config as ModelsConfig;
  return resolveModel(
    name,
    { providers, models },
    { env: doors.env, keyNow: true, root, clock: doors.clock, random: doors.random, fetch: doors.fetch },
  );
}

/** The settings of a setup, for the commands of the chat. */
import { generate, listProviders, type ModelsConfig, resolveModel, userMessage } from "@orch/agents";
import { DEFAULT_MODELS } from "../config/default-models.ts";
import { explained } from "../config/explain.ts";
import { failureWords } from "../errors/failure-words.ts";
import type { Doors } from "../process/doors.ts";
import type { ProviderEntry, ProviderProblem, UserSettings } from "../sessions/user-settings.ts";
import type { Setup } from "./compose.ts";

/** How long the first call of a provider may take, in milliseconds: a person waits before the screen. */
const PATIENCE = 30_000;

/** Gives what commands may know and change. */
export function userSettings(setup: Setup, doors: Doors, keeps: boolean): UserSettings {
  const { saved, choice } = setup;
  // The schema leaves the inside of `providers` to the provider, which checks it.
  const models = (): ModelsConfig => setup.now().config as ModelsConfig;
  return {
    explain: (key) => explained(setup.now(), key, { ...choice }),
    isChosen: (setting) => setup.now().config[setting] !== undefined,
    names: () => [...setup.now().origins.keys()],
    file: keeps ? saved.file : undefined,
    keep: async (path, value) => {
      await saved.put(path, value);
      await setup.reload();
    },
    providers: () => listProviders(models(), doors),
    firstModel: (provider) => {
      const first = DEFAULT_MODELS.find(({ model }) => model.startsWith(`${provider}/`))?.model;
      return first?.slice(provider.length + 1);
    },
    tryProvider: (name, entry, model) => tried(models(), name, entry, model, doors),
    connect: async (name, entry) => {
      // As a whole: what an earlier entry said of key and address must not stand beside it.
      await saved.put(["providers", name], entry);
      await setup.reload();
    },
  };
}

async function tried(
  { providers = {}, models = {} }: ModelsConfig,
  name: string,
  entry: ProviderEntry,
  model: string,
  { env, clock, random }: Doors,
): Promise<ProviderProblem | undefined> {
  const all = { ...providers, [name]: { ...providers[name], ...entry, attempts: 1 } };
  const stop = new AbortController();
  const end = clock.after(PATIENCE, () => stop.abort());
  try {
    const { message } = await generate(
      resolveModel(`${name}/${model}`, { providers: all, models }, { env, clock, random }),
      {
        messages: [userMessage("Say OK.")],
        // Models that think spend some of it on that.
        maxOutputTokens: 256,
        signal: stop.signal,
      },
    );
    const { error } = message.finish;
    if (error === undefined) return undefined;
    const says = stop.signal.aborted ? `no answer came in ${PATIENCE / 1000} seconds` : error.message;
    return { says: withoutKey(says, entry.apiKey), isKey: error.kind === "auth" };
  } catch (error) {
    const { says, fix = "" } = failureWords(error);
    return { says: withoutKey(`${says} ${fix}`.trim(), entry.apiKey), isKey: false };
  } finally {
    end();
  }
}

/** Some servers repeat the key that they refuse. */
function withoutKey(text: string, key: string | undefined): string {
  return key === undefined || key === "" ? text : text.replaceAll(key, "(the key)");
}

/** The user's settings, as the commands of the chat read and change them. */
import type { ProviderSummary } from "@orch/agents";

/** Reads and keeps settings. */
export interface UserSettings {
  /**
   * What `orch config explain` says of a setting, or of all.
   *
   * @throws UsageError (`ORCH_USAGE`) where there is no such setting.
   */
  readonly explain: (key: string | undefined) => string;
  /** Whether somebody chose what answers; if not, it follows from the model. */
  readonly isChosen: (setting: "orchestration") => boolean;
  /** The names of the settings that somebody set. */
  readonly names: () => readonly string[];
  /**
   * Sets the setting at a path, like `["ui", "theme"]`, for now and for later starts.
   *
   * @throws ConfigError (`ORCH_CONFIG`) where it cannot be written; it holds for now all the same.
   */
  readonly keep: (path: readonly string[], value: unknown) => Promise<void>;
  /** The file in which they are kept; absent where nothing is kept. */
  readonly file: string | undefined;
  /** The providers that are known by name, and those of the configuration. */
  readonly providers: () => readonly ProviderSummary[];
  /** The model to begin with at a provider, like `gpt-5.4-mini`, where one is known. */
  readonly firstModel: (provider: string) => string | undefined;
  /** Calls a model once, with an entry for its provider that is not kept yet; gives what is wrong. */
  readonly tryProvider: (
    name: string,
    entry: ProviderEntry,
    model: string,
  ) => Promise<ProviderProblem | undefined>;
  /** Keeps an entry for a provider, for now and for later starts. Rejects as `keep` does. */
  readonly connect: (name: string, entry: ProviderEntry) => Promise<void>;
}

/** What is asked of a provider. */
export interface ProviderEntry {
  readonly kind?: "openai-compatible";
  readonly baseURL?: string;
  readonly apiKey?: string;
  readonly apiKeyEnv?: string;
}

/** Why a call of a provider failed. */
export interface ProviderProblem {
  /** In words, without the key. */
  readonly says: string;
  /** Whether it is the key. */
  readonly isKey: boolean;
}

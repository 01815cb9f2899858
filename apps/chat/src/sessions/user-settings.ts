/** The user's settings, as the commands of the chat read and change them. */

/** Reads and keeps settings. */
export interface UserSettings {
  /**
   * What `orch config explain` says of a setting, or of all.
   *
   * @throws UsageError (`ORCH_USAGE`) where there is no such setting.
   */
  readonly explain: (key: string | undefined) => string;
  /** The names of the settings that somebody set. */
  readonly names: () => readonly string[];
  /**
   * Sets the setting at a path, like `["ui", "theme"]`, for now and for later starts.
   *
   * @throws ConfigError (`ORCH_CONFIG`) where it cannot be written; it holds for now all the same.
   */
  readonly keep: (path: readonly string[], value: unknown) => Promise<void>;
}

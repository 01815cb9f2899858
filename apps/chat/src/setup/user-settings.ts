/** The settings of a setup, for the commands of the chat. */
import { explained } from "../config/explain.ts";
import type { UserSettings } from "../sessions/user-settings.ts";
import type { Setup } from "./compose.ts";

/** Gives what commands may know and change. */
export function userSettings(setup: Setup): UserSettings {
  const { saved, choice } = setup;
  return {
    explain: (key) => explained(setup.config, key, { ...choice }),
    names: () => [...setup.config.origins.keys()],
    keep: (path, value) => saved.put(path, value),
  };
}

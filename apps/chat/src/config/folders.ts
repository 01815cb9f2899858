/** Where the program keeps things, by the XDG base directory rules. */
import { join } from "node:path";

/** The environment that decides where the folders are. */
export interface Home {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The folder of the user's configuration. */
export function configFolder({ env, home }: Home): string {
  return join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "orch");
}

/** The folder of conversations, trust and reports of crashes. */
export function stateFolder({ env, home }: Home): string {
  return join(env["XDG_STATE_HOME"] || join(home, ".local", "state"), "orch");
}

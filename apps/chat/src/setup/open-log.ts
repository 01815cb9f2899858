/** Opens the log of a start, as options and settings say. */
import { join, relative, resolve, sep } from "node:path";
import type { Flags } from "../config/args.ts";
import type { Config } from "../config/config.ts";
import { refuseLink } from "../config/inside-file.ts";
import { type Log, NO_LOG } from "../log/log.ts";
import { LogFile } from "../log/log-file.ts";
import type { Doors } from "../process/doors.ts";
import { isInside } from "../process/inside-folder.ts";

const SECRET = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)$/i;

/**
 * The log in the state folder, or in the file that `--debug` names. With `--no-session` only a named file is written.
 *
 * @throws ConfigError (`ORCH_CONFIG`) for a named file in the folder behind a link.
 */
export async function openLog(
  { debug, session }: Flags,
  { log, providers = {} }: Config,
  stateFolder: string,
  { env, cwd, clock }: Pick<Doors, "env" | "cwd" | "clock">,
): Promise<Log> {
  const named = typeof debug === "string";
  if (!session && !named) return NO_LOG;
  // A folder that was made to lead elsewhere does not decide where the log goes.
  if (named && isInside(cwd, resolve(cwd, debug)))
    await refuseLink(cwd, relative(cwd, resolve(cwd, debug)).split(sep).join("/"));
  const secrets = [
    ...Object.entries(env).flatMap(([name, value]) => (SECRET.test(name) && value ? [value] : [])),
    ...Object.values(providers).flatMap(({ apiKey }) => (typeof apiKey === "string" ? [apiKey] : [])),
  ];
  return new LogFile({
    file: named ? resolve(cwd, debug) : join(stateFolder, "orch.log"),
    level: debug === undefined ? (log?.level ?? "info") : "debug",
    clock,
    secrets,
  });
}

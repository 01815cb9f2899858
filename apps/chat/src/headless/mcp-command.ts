/** `orch mcp`: the servers of the configuration, and the logins at them. */
import { nearestName } from "@orch/agents";
import type { Flags } from "../config/args.ts";
import type { McpConfig } from "../config/config.ts";
import { UsageError } from "../errors/usage-error.ts";
import { loginsIn } from "../mcp/mcp-logins.ts";
import { configOf } from "../mcp/mcp-servers.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { jsonLine } from "./result.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** One server, as the list shows it. */
interface Row {
  readonly server: string;
  readonly reached: string;
  /** Absent for a program, which is started and wants none. */
  readonly login?: "kept" | "none";
}

/** Does what the words behind `orch mcp` say; gives the exit code. */
export async function runMcp(
  [action = "list", named, ...rest]: readonly string[],
  setup: Setup,
  flags: Flags,
  doors: Doors,
  { stdout, stderr }: HeadlessOutput,
): Promise<number> {
  const { fileLogins } = await import("@orch/agents/mcp");
  const store = fileLogins(loginsIn(setup.stateFolder));
  const servers = setup.config.config.mcp ?? {};
  if (rest.length > 0) throw usage(`${action} takes one server`);
  switch (action) {
    case "list": {
      if (named !== undefined) throw usage("list takes no words");
      const kept = await store.list();
      const rows = Object.entries(servers).map(([name, entry]) =>
        rowOf(name, entry, (url) => kept.some((one) => one.server === name && one.url === url)),
      );
      stdout.write(flags.output === "text" ? listText(rows) : jsonLine(rows));
      return exitCodes.done;
    }
    case "login": {
      const [server, entry] = entryOf(servers, named, action);
      await logIn(server, entry, { setup, doors, store, stderr: (text) => stderr.write(text) });
      stdout.write(safe`Logged in at ${visibleText(server)}.\n`);
      return exitCodes.done;
    }
    case "logout": {
      if (named === undefined) throw usage("logout needs a server");
      const kept = (await store.list()).filter((one) => one.server === named);
      for (const one of kept) await store.remove(one.server, one.url);
      const found = kept.length > 0 ? safe`Logged out of` : safe`No login is kept for`;
      stdout.write(safe`${found} ${visibleText(named)}.\n`);
      return exitCodes.done;
    }
    default:
      throw usage(
        `there is no "${action}"; there is list, login and logout`,
        nearestName(action, ["list", "login", "logout"]),
      );
  }
}

interface LoginDoors {
  readonly setup: Setup;
  readonly doors: Doors;
  readonly store: ReturnType<typeof import("@orch/agents/mcp").fileLogins>;
  readonly stderr: (text: SafeText) => void;
}

/** Connects, which shows the person where to log in, and ends the connection. */
async function logIn(
  server: string,
  entry: McpConfig,
  { setup, doors, store, stderr }: LoginDoors,
): Promise<void> {
  const { connectMcp } = await import("@orch/agents/mcp");
  const connected = await connectMcp(configOf(server, entry, setup.folder), {
    clock: doors.clock,
    fetch: doors.fetch,
    login: {
      store,
      open: ({ url }) =>
        stderr(safe`Open this address, and log in at ${visibleText(server)}:\n\n${visibleText(url)}\n\n`),
    },
  });
  await connected.close();
}

function entryOf(
  servers: { readonly [name: string]: McpConfig },
  named: string | undefined,
  action: string,
): readonly [string, McpConfig] {
  if (named === undefined) throw usage(`${action} needs a server`);
  const entry = Object.hasOwn(servers, named) ? servers[named] : undefined;
  const names = Object.keys(servers).join(", ");
  if (entry === undefined)
    throw usage(`the configuration has no server "${named}"; it has ${names === "" ? "none" : names}`);
  if (entry.url === undefined) throw usage(`"${named}" is a program, and wants no login`);
  return [named, entry];
}

function rowOf(server: string, { url, command }: McpConfig, isKept: (url: string) => boolean): Row {
  if (url === undefined) return { server, reached: command ?? "" };
  return { server, reached: url, login: isKept(url) ? "kept" : "none" };
}

function listText(rows: readonly Row[]): SafeText {
  if (rows.length === 0) return safe`No MCP server is configured.\n`;
  const lines = rows.map(({ server, reached, login }) => {
    const about =
      login === undefined ? safe`a program` : login === "kept" ? safe`logged in` : safe`no login kept`;
    return safe`${visibleText(server)}  ${about}  ${visibleText(reached)}\n`;
  });
  return lines.reduce((text, row) => safe`${text}${row}`, safe``);
}

function usage(problem: string, nearest?: string): UsageError {
  return new UsageError({
    problem: `orch mcp: ${problem}.`,
    ...(nearest !== undefined && { nearest: `orch mcp ${nearest}` }),
  });
}

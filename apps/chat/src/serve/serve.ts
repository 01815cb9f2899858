/** `orch serve`: browsers and programs reach the orchestrations of a folder. */
import { memorySessions } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { createServer, type Door, type GuardOptions, guard, type Server } from "@orch/server";
import { a2a } from "@orch/server/a2a";
import { agUi } from "@orch/server/ag-ui";
import { aiSdk } from "@orch/server/ai-sdk";
import { json } from "@orch/server/json";
import { mcp } from "@orch/server/mcp";
import { type ListeningServer, listen } from "@orch/server/node";
import { openai } from "@orch/server/openai";
import { sse } from "@orch/server/sse";
import type { ServeInvocation } from "../config/args.ts";
import type { Pipe } from "../headless/pipe.ts";
import type { Doors } from "../process/doors.ts";
import { version } from "../process/version.ts";
import { servedSpace } from "../sessions/folder-sessions.ts";
import type { Setup } from "../setup/compose.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { loggedServer } from "./logged-server.ts";
import { noPlace } from "./no-place.ts";
import { serveToken } from "./serve-token.ts";
import { ServedFolder } from "./served-folder.ts";
import { withStartPage } from "./start-page.ts";
import { takingUp } from "./taking-up.ts";
import { untilStopped } from "./until-stopped.ts";
import { watchedServer } from "./watched-server.ts";

/** The ways out of the process. */
export interface ServeOutput {
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

/**
 * Serves until a signal comes: then nothing more is started, and what goes on has `--drain` seconds. What is not done by then, or
 * at a second signal, is left where it is, and the next start goes on with it. Gives the exit code.
 */
export async function serve(
  setup: Setup,
  invocation: ServeInvocation,
  doors: Doors,
  { stdout, stderr }: ServeOutput,
): Promise<number> {
  const { host, port, drain, flags } = invocation;
  const tell = (says: string): void => stderr.write(safe`orch: ${visibleText(says, { multiline: true })}\n`);
  const back = doors.divert((text) => stderr.write(visibleText(text, { multiline: true })));
  for (const notice of setup.notices) tell(notice);
  setup.onNotice(tell);
  const sessions = flags.session ? await setup.openSessions() : memorySessions();
  const runs = flags.session ? await setup.openHost() : memoryHost();
  let listening: ListeningServer | undefined;
  let leave = (): void => {};
  try {
    const folder = new ServedFolder(setup, invocation.watch);
    const { offers, problems } = await folder.runs();
    for (const problem of problems) tell(problem);
    const { options, tokenFile } = await guardOf(setup, host, doors);
    const open = [...doorsOf(), mcp({ version }), a2a({ version, bearer: tokenFile !== undefined })];
    const server: Server = createServer({
      ...{ sessions, host: runs, clock: doors.clock, random: doors.random },
      chats: folder.chats(),
      orchestrations: offers,
      space: servedSpace(setup.folder),
      doors: open,
      onError: (error) => setup.log.fail(error),
    });
    const watched = invocation.watch ? watchedServer(server, folder, tell) : server;
    const around = loggedServer(guard(withStartPage(watched, open), options), {
      clock: doors.clock,
      told: (line, facts) => {
        setup.log.write("info", "request", facts);
        tell(line);
      },
    });
    listening = await listen(server, { port, hostname: host, drain: drain * 1000, around }).catch(
      (error: unknown) => {
        throw isOrchError(error, "ORCH_SERVER_PORT") ? noPlace(error.facts.reason, host, port) : error;
      },
    );
    leave = takingUp(server, { clock: doors.clock, failed: (error) => setup.log.fail(error) });
    if (tokenFile !== undefined) tell(`Clients need the token in ${tokenFile}.`);
    // Who reads the address may stop the server at once.
    const stopped = untilStopped(stoppedWith(listening, leave), stdout, doors);
    stdout.write(safe`${visibleText(listening.url)}\n`);
    return await stopped;
  } finally {
    leave();
    await listening?.stop();
    await setup.servers.close();
    await runs.close();
    await sessions.close();
    back();
  }
}

/** A server that is about to stop takes up nothing more. */
function stoppedWith({ stop }: ListeningServer, leave: () => void): Pick<ListeningServer, "stop"> {
  return {
    stop: () => {
      leave();
      return stop();
    },
  };
}

/** The doors of chats and runs that need to know nothing. */
function doorsOf(): readonly Door[] {
  return [json(), sse(), aiSdk(), agUi(), openai()];
}

/** What is let in: on this machine without a token, and elsewhere with one. */
async function guardOf(
  setup: Setup,
  host: string,
  { clock }: Doors,
): Promise<{ readonly options: GuardOptions; readonly tokenFile?: string }> {
  const { hosts = [], origins = [], perMinute } = setup.config.config.serve ?? {};
  const shared = { clock, origins, ...(perMinute !== undefined && { perMinute }) };
  const local = ["localhost", "127.0.0.1", "[::1]"];
  if (["localhost", "127.0.0.1", "::1"].includes(host))
    return { options: { ...shared, hosts: [...local, ...hosts] } };
  const { token, file } = await serveToken(setup.stateFolder);
  const named = host === "0.0.0.0" || host === "::" ? hosts : [host, ...hosts];
  // Under a name that nobody gave, the token is what keeps foreign pages out.
  const known = named.length === 0 ? ("any" as const) : [...local, ...named];
  return { options: { ...shared, hosts: known, tokens: [token] }, tokenFile: file };
}

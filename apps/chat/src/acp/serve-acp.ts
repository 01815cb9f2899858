/** `orch acp`: an editor drives the orchestrations of a folder over standard input and output. */
import type { AgentConnection } from "@agentclientprotocol/sdk";
import type { Flags } from "../config/args.ts";
import { exitCodes } from "../headless/exit-codes.ts";
import type { Pipe } from "../headless/pipe.ts";
import type { Doors, StopSignal } from "../process/doors.ts";
import { openSetup, type Setup } from "../setup/compose.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { acpAgent } from "./acp-agent.ts";
import { AcpClient } from "./acp-client.ts";
import { AcpSessions } from "./acp-sessions.ts";
import { stdioStream } from "./stdio-stream.ts";

/** The ways out of the process. */
export interface AcpOutput {
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

/**
 * Serves one client until it goes, or a signal comes. What runs then is left where it is, and the next start goes on with
 * it. Gives the exit code.
 */
export async function serveAcp(
  setup: Setup,
  flags: Flags,
  doors: Doors,
  { stdout, stderr }: AcpOutput,
): Promise<number> {
  const tell = (says: string): void => stderr.write(safe`orch: ${visibleText(says, { multiline: true })}\n`);
  // What an orchestration or a library prints is no message of the protocol.
  const back = doors.divert((text) => stderr.write(visibleText(text, { multiline: true })));
  const later = (task: () => Promise<void>): void => void doors.clock.after(0, () => void task());
  if (doors.stdin.isTTY)
    tell("An editor starts this and speaks to it by the Agent Client Protocol. Ctrl-C ends it.");
  let sessions: AcpSessions | undefined;
  let client: AcpClient | undefined;
  const app = acpAgent(() => ({ client: client!, sessions: sessions!, tell, later })).onConnect((opened) => {
    client = new AcpClient(opened.client);
    sessions = new AcpSessions(
      { flags, doors, setup, setupOf: (other) => openSetup(other, doors), tell },
      client,
    );
  });
  const connection = app.connect(stdioStream(doors.stdin, doors.stdout));
  const ended = untilEnd(connection, stdout, doors);
  try {
    return await ended.code;
  } finally {
    await sessions?.closeAll();
    ended.dispose();
    back();
  }
}

/** The exit code, once the client is gone or a signal has come. A second signal does not wait for what is let go. */
function untilEnd(
  connection: AgentConnection,
  stdout: Pipe,
  doors: Doors,
): { readonly code: Promise<number>; readonly dispose: () => void } {
  let signalled: StopSignal | undefined;
  const names: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listening = names.map((name) =>
    doors.onSignal(name, () => {
      if (signalled !== undefined) doors.exit(exitCodes[name]);
      signalled = name;
      connection.close();
    }),
  );
  void stdout.closed.then(() => connection.close());
  return {
    code: connection.closed.then(() => (signalled === undefined ? exitCodes.done : exitCodes[signalled])),
    dispose: () => {
      for (const off of listening) off();
    },
  };
}

/** Decides what to do, does it, and ends the process with the code that fits. */
import { type Flags, type Invocation, type OutputFormat, readArgs } from "./config/args.ts";
import { UsageError } from "./errors/usage-error.ts";
import { crashFile } from "./headless/crash-file.ts";
import { errorCode, errorSentence } from "./headless/error-sentence.ts";
import { exitCodeOf, exitCodes } from "./headless/exit-codes.ts";
import { openPipe } from "./headless/pipe.ts";
import { type HeadlessResult, jsonLine } from "./headless/result.ts";
import type { HeadlessOutput } from "./headless/run-headless.ts";
import { endLog } from "./log/end-log.ts";
import { NO_LOG } from "./log/log.ts";
import type { Doors } from "./process/doors.ts";
import { version } from "./process/version.ts";
import type { Setup } from "./setup/compose.ts";
import { type SafeText, safe, safeText, visibleText } from "./terminal/safe-text.ts";

/** How long a pipe beside a prompt may stay silent before it counts as empty, in milliseconds. */
const PATIENCE = 3_000;

/** Runs the program; standard output is drained before the process ends. */
export async function main(args: readonly string[], doors: Doors): Promise<never> {
  let known: Partial<HeadlessResult> = {};
  const output: HeadlessOutput = {
    stdout: openPipe(doors.stdout),
    stderr: openPipe(doors.stderr),
    known: (facts) => {
      known = { ...known, ...facts };
    },
  };
  let code: number;
  let format: OutputFormat = "text";
  // A report of a bug holds what the error holds, like the text of a message.
  const keeps = !args.includes("--no-session");
  doors.onCrash((error) => {
    leaveTerminal(doors);
    report(error, { exit: exitCodes.bug, format, known, keeps, stray: true }, doors, output);
    doors.exit(exitCodes.bug);
  });
  try {
    const invocation = readArgs(args);
    format = invocation.flags.output;
    if (invocation.command !== "chat") doors.keys.release();
    code = await act(invocation, doors, output);
  } catch (error) {
    doors.keys.release();
    code = exitCodeOf(error);
    opened.get(doors)?.log.write("error", "failed", { code: errorCode(error), says: errorSentence(error) });
    report(error, { exit: code, format, known, keeps }, doors, output);
  }
  await output.stdout.drained();
  const lost = output.stdout.failure();
  // Of a terminal that is gone the signal tells, or would have told if the shell had passed it on.
  if (lost === "EIO" && doors.stdout.isTTY) code = Math.max(code, exitCodes.SIGHUP);
  else if (lost !== undefined && code < exitCodes.SIGHUP) {
    output.stderr.write(
      line(`orch: The answer could not be written: ${lost}. Write it where there is room.`),
    );
    code = exitCodes.failed;
  }
  await output.stderr.drained();
  const { log = NO_LOG, servers } = opened.get(doors) ?? {};
  await Promise.all([servers?.close(), endLog(log, code, doors.clock)]);
  return doors.exit(code);
}

/** Gives a terminal the modes back that a screen may have set. */
function leaveTerminal({ stdin, stdout, keys, onHangup }: Doors): void {
  // One that is gone has no modes, and says so by an error.
  onHangup(() => undefined);
  keys.release();
  if (!stdin.isTTY || !stdout.isTTY) return;
  stdin.setRawMode(false);
  stdout.write("\u001b[?2026l\u001b[?7h\u001b[?2004l\u001b[?25h\r\n");
}

/** What each start has opened. */
const opened = new WeakMap<Doors, Pick<Setup, "log" | "servers">>();

async function act(invocation: Invocation, doors: Doors, output: HeadlessOutput): Promise<number> {
  const { flags } = invocation;
  switch (invocation.command) {
    case "version":
      output.stdout.write(line(version));
      return exitCodes.done;
    case "help":
      output.stdout.write(safeText((await import("./config/help.ts")).helpOf(invocation.about)));
      return exitCodes.done;
    case "completion":
      output.stdout.write(
        safeText((await import("./config/completion.ts")).completionScript(invocation.shell)),
      );
      return exitCodes.done;
    case "init":
    case "new":
      return runInit(invocation, doors, output);
    case "sessions": {
      const { runSessions } = await import("./headless/sessions-command.ts");
      return runSessions(invocation.rest, await setupOf(flags, doors), flags, doors, output);
    }
    case "mcp": {
      const { runMcp } = await import("./headless/mcp-command.ts");
      return runMcp(invocation.rest, await setupOf(flags, doors), flags, doors, output);
    }
    case "check":
      return runCheck(await setupOf(flags, doors), invocation.target, flags, output);
    case "doctor":
      return runDoctor(invocation.target, flags, doors, output);
    case "explain":
      return runExplain(await setupOf(flags, doors), invocation.key, output);
    case "trust":
      return runTrust(await setupOf(flags, doors), output);
    case "runs":
    case "inbox":
    case "answer":
    case "signal":
    case "attach":
    case "cancel": {
      const { runHostCommand } = await import("./runs/run-commands.ts");
      return runHostCommand(invocation, await setupOf(flags, doors), doors, output);
    }
    case "acp":
    case "serve":
    case "worker":
      return stand(invocation, await setupOf(flags, doors), doors, output);
    case "run": {
      const { runTyped } = await import("./headless/run-typed.ts");
      const setup = await setupOf({ ...flags, orchestration: invocation.orchestration }, doors);
      return runTyped(invocation, setup, doors, output);
    }
    case "chat":
      return runChat(invocation, doors, output);
    default:
      return invocation satisfies never;
  }
}

/** Stands there for others, until it is told to end. */
async function stand(
  invocation: Extract<Invocation, { command: "acp" | "serve" | "worker" }>,
  setup: Setup,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  if (invocation.command === "serve")
    return (await import("./serve/serve.ts")).serve(setup, invocation, doors, output);
  if (invocation.command === "worker")
    return (await import("./serve/work.ts")).work(setup, invocation, doors, output);
  return (await import("./acp/serve-acp.ts")).serveAcp(setup, invocation.flags, doors, output);
}

async function setupOf(flags: Flags, doors: Doors): Promise<Setup> {
  const { openSetup } = await import("./setup/compose.ts");
  const setup = await openSetup(flags, doors);
  const { log } = setup;
  opened.set(doors, setup);
  const { node, system } = doors.platform;
  log.write("info", "start", { orch: version, node, system, folder: setup.folder, ...setup.choice });
  for (const notice of setup.notices) log.write("warn", "notice", { says: notice });
  return setup;
}

async function runChat(
  { print, prompt, flags }: Extract<Invocation, { command: "chat" }>,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  const { stdin, stdout, clock } = doors;
  if (!print && stdin.isTTY && stdout.isTTY)
    return runInteractive(await setupOf(flags, doors), prompt, flags, doors);
  doors.keys.release();
  const { readStdin } = await import("./headless/read-stdin.ts");
  const piped = (await readStdin(stdin, clock, prompt === undefined ? undefined : PATIENCE)).trim();
  const message = prompt === undefined ? piped : withContext(prompt, piped);
  if (message === "")
    throw new UsageError({ problem: "Nothing was asked.", nearest: 'orch -p "your question"' });
  const setup = await setupOf(flags, doors);
  const { runHeadless } = await import("./headless/run-headless.ts");
  return runHeadless({ message, choice: setup.choice }, flags, setup, doors, output);
}

function withContext(prompt: string, piped: string): string {
  return piped === "" ? prompt : `${prompt}\n\n<context>\n${piped}\n</context>`;
}

async function runInteractive(
  found: Setup,
  message: string | undefined,
  flags: Flags,
  doors: Doors,
): Promise<number> {
  const setup = flags.trust ? found : await trusted(found, flags, doors);
  if (typeof setup === "number") return setup;
  const { interactiveContext } = await import("./interactive-setup.ts");
  const { startInteractive } = await import("./app/interactive.tsx");
  const context = interactiveContext(setup, message, flags, doors);
  if (context.screenReader) doors.keys.release();
  else doors.keys.handOver();
  return startInteractive(context);
}

/** The setup after its user was asked about what is not trusted yet, or the code to end with. */
async function trusted(setup: Setup, flags: Flags, doors: Doors): Promise<Setup | number> {
  if (setup.config.foreign === undefined && setup.own.names.length === 0) return setup;
  const { trustedSetup } = await import("./trust/trusted-setup.ts");
  const { openSetup } = await import("./setup/compose.ts");
  const answered = await trustedSetup(setup, (trust) => openSetup(flags, doors, trust), doors);
  if (typeof answered !== "string") return answered;
  doors.keys.giveBack();
  if (answered === "end") return exitCodes.done;
  return answered === "interrupt" ? exitCodes.SIGINT : exitCodes[answered];
}

async function runExplain(setup: Setup, key: string | undefined, output: HeadlessOutput): Promise<number> {
  return (await import("./headless/explain-command.ts")).runExplain(setup, key, output);
}

async function runInit(invocation: Invocation, doors: Doors, output: HeadlessOutput): Promise<number> {
  const { initFolder } = await import("./headless/init-command.ts");
  const wanted = invocation.command === "new" ? invocation : undefined;
  return initFolder(await setupOf(invocation.flags, doors), wanted, doors, output);
}

async function runCheck(
  setup: Setup,
  target: string | undefined,
  flags: Flags,
  { stdout, stderr }: HeadlessOutput,
): Promise<number> {
  for (const notice of setup.notices) stderr.write(line(`orch: ${notice}`));
  const { checkOrchestrations } = await import("./headless/check-orchestrations.ts");
  const { text, code } = await checkOrchestrations(setup, target, flags.output);
  stdout.write(text);
  return code;
}

/** Looks at the installation, or at a model. */
async function runDoctor(
  model: string | undefined,
  flags: Flags,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  if (model !== undefined) {
    const { examineModel } = await import("./doctor/examine-model.ts");
    return examineModel(model, flags, await setupOf(flags, doors), doors, output);
  }
  const { examine } = await import("./doctor/doctor.ts");
  const { text, code } = await examine(flags, () => setupOf(flags, doors), doors);
  output.stdout.write(text);
  return code;
}

async function runTrust({ config, trust }: Setup, { stdout }: HeadlessOutput): Promise<number> {
  const { trustReport } = await import("./trust/trust-report.ts");
  stdout.write(line(await trustReport(config, trust)));
  return exitCodes.done;
}

/** A line of our own, in which a hidden character of somebody else's is named and does nothing. */
function line(text: string): SafeText {
  return safe`${visibleText(text, { multiline: true })}\n`;
}

/** How the program fails. */
interface Failing {
  readonly exit: number;
  readonly format: OutputFormat;
  readonly known: Partial<HeadlessResult>;
  /** Whether anything may be written to a file; not so with `--no-session`. */
  readonly keeps: boolean;
  /** Whether nobody waited for what failed; it may be code of the user's. */
  readonly stray?: boolean;
}

/** One sentence on standard error; with JSON output an object on standard output too. */
function report(
  error: unknown,
  { exit, format, known, keeps, stray = false }: Failing,
  doors: Doors,
  { stdout, stderr }: HeadlessOutput,
): void {
  const sentence = errorSentence(error);
  const where = exit === exitCodes.bug && keeps ? crashFile(error, doors) : undefined;
  const what = stray ? "Nothing waited for what failed" : "This is a bug in orch";
  const details = where === undefined ? "" : ` ${what}; its details are in ${where}.`;
  stderr.write(line(`orch: ${sentence}${details}`));
  if (format !== "json" && format !== "stream-json") return;
  const cancelled = exit >= exitCodes.SIGHUP;
  const result: HeadlessResult = {
    v: 1,
    warnings: [],
    ...known,
    status: cancelled ? "cancelled" : "failed",
    error: { code: errorCode(error), message: sentence, exit },
  };
  stdout.write(jsonLine(format === "json" ? result : { ...result, type: "result" }));
}

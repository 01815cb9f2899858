/** The door to the process: everything that the program takes from outside comes in through here. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { homedir } from "node:os";
import process from "node:process";
import { Worker } from "node:worker_threads";
import type { Clock, Random } from "@orch/core";
import { systemClock, systemRandom } from "@orch/core/doors";
import type { EarlyKeys } from "./early-keys.ts";
import { oneHangup, onHangup } from "./hangup.ts";
import { type JobControl, jobControl } from "./job-control.ts";
import { divertOutput, guardOutput } from "./output-guard.ts";
import type { Programs } from "./programs.ts";
import type { StartThread } from "./thread.ts";

/** What another program may write, in bytes: the names of some 500,000 files. */
const MAX_OUTPUT = 32 * 2 ** 20;

/** Signals that ask the program to stop. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What the program runs on. */
export interface Platform {
  /** Like `v24.11.0`. */
  readonly node: string;
  /** Absent where Node was built without it. */
  readonly sqlite: string | undefined;
  /** Like `linux x64`. */
  readonly system: string;
  /** The folder of what V8 compiled; absent where nothing is kept of it. */
  readonly compiled: string | undefined;
}

/** What the program has of the outside. */
export interface Doors {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the program was started. */
  readonly cwd: string;
  /** The file that Node was started with. */
  readonly program: string;
  /** The user's home folder. */
  readonly home: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /**
   * Hands what others in the process write to either stream to `take`, until the way back is called: a library, Node's
   * warnings, or an orchestration that prints.
   */
  readonly divert: (take: (text: string) => void) => () => void;
  /** What was typed so far, and the modes of the terminal. */
  readonly keys: EarlyKeys;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Calls `fire` for each such signal; gives the way to stop listening. */
  readonly onSignal: (signal: StopSignal, fire: () => void) => () => void;
  /** Calls `fire` when the terminal is gone; gives the way to stop listening. */
  readonly onHangup: (fire: () => void) => () => void;
  /**
   * Calls `fire` for a failure that nobody waits for, which would end the process by itself; gives the way to stop listening.
   * Who listened last is called first.
   */
  readonly onCrash: (fire: (error: unknown) => void) => () => void;
  /** How a shell stops the process and lets it go on. */
  readonly job: JobControl;
  readonly programs: Programs;
  readonly thread: StartThread;
  readonly platform: Platform;
  /** Ends the process at once. */
  readonly exit: (code: number) => never;
}

/** The doors of this process, or of what stands for a process. */
export function systemDoors(keys: EarlyKeys, own: NodeJS.Process = process): Doors {
  const { stdin, stdout, stderr } = own;
  return {
    env: own.env,
    cwd: own.cwd(),
    program: own.argv[1] ?? "",
    home: homedir(),
    stdin,
    stdout: guardOutput(stdout),
    stderr: guardOutput(stderr),
    divert: (take) => {
      const ways = [stdout, stderr].map((stream) => divertOutput(stream, take));
      return () => {
        for (const back of ways) back();
      };
    },
    keys,
    // Behind the proxy that the environment names. Loaded with the first request, and not before the first paint.
    fetch: async (input, init) => (await import("@orch/agents")).proxiedFetch(process.env)(input, init),
    clock: systemClock,
    random: systemRandom,
    onSignal: (signal, fire) => {
      const hear = signal === "SIGHUP" ? oneHangup(own, fire) : fire;
      own.on(signal, hear);
      return () => {
        own.off(signal, hear);
      };
    },
    onHangup: (fire) => onHangup(own, oneHangup(own, fire)),
    onCrash,
    job: jobControl(own),
    programs: { attend, hangUp, read },
    thread,
    platform: {
      node: own.version,
      sqlite: own.versions["sqlite"],
      system: `${own.platform} ${own.arch}`,
      compiled: getCompileCacheDir(),
    },
    exit: (code) => own.exit(code),
  };
}

const thread: StartThread = (name, data, { told, ended }) => {
  // The built program has all of its files in one folder.
  const source = import.meta.url.endsWith(".ts");
  const file = new URL(source ? `../${name}.ts` : `./${name}.js`, import.meta.url);
  const worker = new Worker(file, {
    workerData: data,
    stdout: true,
    stderr: true,
    ...(source && { execArgv: ["--conditions=@orch/source"] }),
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  worker.on("message", told);
  worker.once("error", ended);
  worker.once("exit", ended);
  worker.unref();
  return { send: (message) => worker.postMessage(message) };
};

const crashed = new Set<(error: unknown) => void>();

const onCrash: Doors["onCrash"] = (fire) => {
  if (crashed.size === 0) {
    const crash = (error: unknown): void => {
      for (const each of [...crashed].reverse()) each(error);
    };
    process.on("uncaughtException", crash);
    process.on("unhandledRejection", crash);
    guardWarnings();
  }
  crashed.add(fire);
  return () => {
    crashed.delete(fire);
  };
};

/** Node writes its warnings past every stream. */
function guardWarnings(): void {
  if (process.listenerCount("warning") === 0) return;
  process.removeAllListeners("warning");
  // biome-ignore lint/plugin: this stream is guarded, and while a screen is drawn it is the screen that takes it.
  process.on("warning", ({ name, message }) => void process.stderr.write(`${name}: ${message}\n`));
}

/** What has the terminal in place of this program. */
const attended = new Set<ChildProcess>();
/** How long it may take to end, in milliseconds. */
const HANGUP_GRACE = 1000;

const attend: Programs["attend"] = (program, args) =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: "inherit" });
    attended.add(child);
    const ended = (code?: number): void => {
      attended.delete(child);
      resolve(code);
    };
    child.once("error", () => ended());
    child.once("exit", (code) => ended(code ?? undefined));
  });

const hangUp: Programs["hangUp"] = async () => {
  const ends = [...attended].map((child) => new Promise((resolve) => child.once("exit", resolve)));
  for (const child of attended) child.kill("SIGHUP");
  if (ends.length === 0) return;
  const late = new Promise<void>((resolve) => {
    systemClock.after(HANGUP_GRACE, resolve);
  });
  await Promise.race([Promise.all(ends), late]);
};

const read: Programs["read"] = (program, args, folder) =>
  new Promise((resolve) => {
    execFile(program, [...args], { cwd: folder, maxBuffer: MAX_OUTPUT }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });

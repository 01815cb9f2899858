/**
 * A program that ends with the process that started it, also when that one is killed: a shell stands between them, reads from a pipe of the
 * starter, and at the end of the pipe it kills the program and removes its folder.
 */
import { spawn } from "node:child_process";

/** Tells the program's id. The program's output goes to standard error. */
const GUARD = `exec 3<&0
folder=$1; shift
"$0" "$@" 3<&- </dev/null >&2 & p=$!
echo "$p"
( read -r _ <&3; kill -9 "$p"; rm -rf "$folder" ) >/dev/null 2>&1 & reader=$!
wait "$p"; code=$?
kill -9 "$reader"
exit "$code"`;

/** How much of its last output is kept for the error that tells of its end. */
const KEPT_OUTPUT = 4_000;

/** A started program. */
export interface GuardedProcess {
  readonly pid: number;
  /** Aborted when the program has ended; its reason is an error with the last output. */
  readonly signal: AbortSignal;
  /** Kills it by SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** What it wrote last. */
  readonly output: () => string;
}

/** Starts a program with this environment, and the path of this process. `folder` is removed where this process dies first. */
export async function guardedProcess(
  path: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<GuardedProcess> {
  const shell = spawn("/bin/sh", ["-c", GUARD, path, folder, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let output = "";
  shell.stderr.on("data", (data) => {
    output = `${output}${data}`.slice(-KEPT_OUTPUT);
  });
  const ended = new AbortController();
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", (code) => {
      ended.abort(new Error(`${path} has ended with code ${code}. Its last output:\n${output}`));
      resolve();
    });
  });
  shell.stdin.on("error", () => {});
  const pid = await new Promise<number>((resolve, reject) => {
    shell.once("error", reject);
    shell.stdout.once("data", (data) => resolve(Number(data)));
  });
  const kill = async (): Promise<void> => {
    if (ended.signal.aborted) return;
    process.kill(pid, "SIGKILL");
    await gone;
  };
  return { pid, signal: ended.signal, kill, output: () => output };
}

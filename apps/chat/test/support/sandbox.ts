/** A folder with some documents, a home of its own, and the program in it. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import { thorough } from "../../../../scripts/lanes.ts";
import { runInside } from "./inside-program.ts";
import { TerminalApp, type TerminalOptions } from "./terminal-app.ts";

/** Outside of tests a program is what is measured or shown, and so always a process. */
const usually = thorough || process.env["VITEST"] === undefined;

/** Where a test's program lives. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  /** Starts the program on a terminal. Several may follow each other. */
  readonly start: (
    args?: readonly string[],
    options?: Pick<TerminalOptions, "columns" | "rows" | "env" | "program"> & {
      /** Whether it must be a process, also where a program inside this one shows the same. */
      readonly asProcess?: boolean;
    },
  ) => TerminalApp;
  /** Runs the program without a terminal, to its end; as a process where `asProcess` says so. */
  readonly run: (
    args: readonly string[],
    asProcess?: boolean,
  ) => Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Makes a sandbox for the program at `file`; `files` go into its folder. */
export async function sandbox(
  file: string,
  files: Readonly<Record<string, string>> = DOCUMENTS,
): Promise<Sandbox> {
  const root = await mkdtemp(join(tmpdir(), "orch-chat-"));
  const folder = join(root, "project");
  const home = join(root, "home");
  await mkdir(home, { recursive: true });
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const own = {
    HOME: home,
    XDG_CONFIG_HOME: undefined,
    XDG_STATE_HOME: undefined,
    OPENAI_API_KEY: undefined,
    ANTHROPIC_API_KEY: undefined,
  };
  return {
    folder,
    home,
    run: (args, asProcess = usually) =>
      new Promise((resolve) => {
        const options = { cwd: folder, env: childEnvironment({ HOME: home }) };
        if (!asProcess) {
          resolve(runInside(file, { args, ...options }));
          return;
        }
        const child = execFile(
          process.execPath,
          [file, ...args],
          { ...options, maxBuffer: 2 ** 26 },
          (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
        );
        child.stdin?.end();
      }),
    start: (args = [], { env, asProcess = usually, ...options } = {}) =>
      new TerminalApp({
        inside: !asProcess && options.program === undefined && env?.["NODE_OPTIONS"] === undefined,
        file,
        args,
        cwd: folder,
        env: {
          ...own,
          ...env,
        },
        ...options,
      }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What there is to be asked about. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  "README.md": "# Lighthouse\n\nThe lighthouse keeps a journal of every ship that passes.\n",
  "docs/journal.md":
    "# The journal\n\nThe journal survives a storm because each entry is written before the lamp is lit.\n" +
    "A keeper reads the last entry after a storm and goes on from there.\n",
  "docs/lamp.md": "# The lamp\n\nThe lamp burns oil. It is filled every evening by the keeper.\n",
};

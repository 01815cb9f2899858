/** Runs the program as it is published, as a process of its own in a folder of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { buildCli } from "./support/built-cli.ts";
import { runInside } from "./support/inside-program.ts";

/** What a process left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder to work in, and a home of its own, so that nothing of this machine's user is seen. */
export interface Workplace {
  /** What Node runs. */
  readonly cli: string;
  readonly folder: string;
  readonly home: string;
  readonly env: Record<string, string>;
  readonly write: (path: string, text: string) => Promise<void>;
  /** Starts the program; standard input stays open. */
  readonly start: (...args: string[]) => ChildProcessWithoutNullStreams;
  /** Runs the program to its end, with `input` piped in; as a process in lanes with more budget, or where `asProcess` says so. */
  readonly run: (args: readonly string[], input?: string, asProcess?: boolean) => Promise<Ended>;
  readonly remove: () => Promise<void>;
}

/** The files of a small project. */
const DOCS = {
  "docs/retries.md": `# Retries

A failed state is tried again as often as its retry policy allows.

Without a policy a state is tried once.
`,
  "docs/advancers.md": `# Advancers

An advancer decides whether a run may move to the next state.
`,
};

/** Makes a workplace with a few documents. */
export async function workplace(): Promise<Workplace> {
  const { file: cli } = await buildCli();
  const root = await realpath(await mkdtemp(join(tmpdir(), "orch-")));
  const folder = join(root, "work");
  const home = join(root, "home");
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  await mkdir(home, { recursive: true });
  for (const [path, text] of Object.entries(DOCS)) await write(path, text);
  const env = childEnvironment({ HOME: home, NO_COLOR: "1" });
  const start = (...args: string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [cli, ...args], { cwd: folder, env });
  return {
    cli,
    folder,
    home,
    env,
    write,
    start,
    run: async (args, input = "", asProcess = thorough) => {
      if (!asProcess) return runInside(cli, { args, cwd: folder, env }, input);
      const child = start(...args);
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      return ended(child);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Waits for a process and gives what it wrote. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("close", resolve).once("error", reject);
  return { code: await promise, stdout, stderr };
}

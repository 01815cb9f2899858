/** The doors of a real process. */
import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { CreateDoors, InstallResult } from "./create-doors.ts";
import { isTemplate, TEMPLATE_NAMES, TEMPLATES, type TemplateName } from "./template.ts";

declare const __VERSION__: string;

/** Makes them. Signals that end a program end it through `interrupted` from here on. */
export function systemDoors(): CreateDoors {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interruption.abort());
  const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const manager = managerOf(process.env["npm_config_user_agent"]);
  return {
    folder: process.cwd(),
    version: __VERSION__,
    templates: fileURLToPath(new URL("./templates/", import.meta.url)),
    manager,
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    choose: hasTerminal ? () => choose(interruption.signal) : undefined,
    install: (folder, signal) => install(manager, folder, signal),
    interrupted: interruption.signal,
  };
}

/** Package managers call themselves `pnpm/12.0.0 npm/? node/v24.0.0 linux x64`. */
function managerOf(agent = ""): string {
  const [, name = "npm"] = /^(npm|pnpm|yarn|bun)\//.exec(agent) ?? [];
  return name;
}

/** Asks for a template until one is named. Ctrl-C, Ctrl-D and the signal give `undefined`. */
function choose(signal: AbortSignal): Promise<TemplateName | undefined> {
  const lines = TEMPLATE_NAMES.map((name, at) => `  ${at + 1}  ${name.padEnd(8)} ${TEMPLATES[name].about}\n`);
  process.stdout.write(`What do you want to make?\n\n${lines.join("")}\n`);
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    const end = (template?: TemplateName): void => {
      resolve(template);
      reader.close();
    };
    const ask = (): void =>
      reader.question("Number or name [1]: ", (typed) => {
        const wish = typed.trim() === "" ? "1" : typed.trim();
        const template = TEMPLATE_NAMES[Number(wish) - 1] ?? (isTemplate(wish) ? wish : undefined);
        if (template !== undefined) return end(template);
        process.stdout.write(`There is no ${JSON.stringify(wish)}: take a number or a name from above.\n`);
        ask();
      });
    reader.once("close", () => resolve(undefined));
    signal.addEventListener("abort", () => end());
    ask();
  });
}

/** Runs the package manager in the folder. What it says is kept, for the case that it fails. */
function install(manager: string, folder: string, signal: AbortSignal): Promise<InstallResult> {
  const quiet = manager === "npm" ? ["--no-audit", "--no-fund", "--loglevel=error"] : [];
  // In a group of its own, so that a stop reaches what it has started too; on Windows it is a script of the shell.
  const isWindows = process.platform === "win32";
  const child = spawn(manager, ["install", ...quiet], {
    cwd: folder,
    env: { npm_config_fetch_retries: "1", npm_config_fetch_retry_mintimeout: "1000", ...process.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: !isWindows,
    shell: isWindows,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      text += piece.toString();
    });
  const stop = (): void => {
    if (child.pid === undefined) return;
    if (isWindows) child.kill();
    else process.kill(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", stop);
  return new Promise((resolve) => {
    const end = (result: InstallResult): void => {
      signal.removeEventListener("abort", stop);
      resolve(result);
    };
    child.once("error", (error) => end({ ok: false, text: error.message }));
    child.once("close", (code) => end(code === 0 ? { ok: true } : { ok: false, text }));
    if (signal.aborted) stop();
  });
}

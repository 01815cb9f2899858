/** The walk of one chat message: the real program, from its sources, on a pseudo-terminal with a model on this machine. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { modelServer } from "../model-server.ts";
import type { Carrier } from "./carriers.ts";
import type { PreloadOptions } from "./preload.ts";
import type { Tallies } from "./tally.ts";

/** The way of one text through the program. */
export interface Way {
  readonly carriers: readonly Carrier[];
  readonly forms: readonly string[];
}

/** The word of the answer that is followed. */
const WORD = "zebrafish";
const LAST = "swam.";
const PIECES = ["The ", "grey ", `${WORD} `, LAST];

/** How often a message is counted. */
const ROUNDS = 3;

/**
 * Sends one message that makes the model call one tool, and counts what runs until the answer is on the screen. The
 * smallest count of some rounds: on a busy machine the screen is drawn more often meanwhile.
 */
export async function countMessage(checkout: string): Promise<Tallies> {
  let least: Tallies | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const tallies = (await converse(checkout, undefined)) as Tallies;
    if (least === undefined || tallies.all.calls < least.all.calls) least = tallies;
  }
  return least!;
}

/** Follows one piece of the answer's text from the provider's adapter to the terminal. */
export async function followText(checkout: string): Promise<Way> {
  return (await converse(checkout, WORD)) as Way;
}

async function converse(checkout: string, marker: string | undefined): Promise<unknown> {
  const home = mkdtempSync(join(tmpdir(), "orch-walk-"));
  // Each piece that is followed gets to the screen before the next one leaves.
  const server = await modelServer(PIECES, marker === undefined ? 0 : 200);
  const project = join(home, "project");
  mkdirSync(project);
  writeFileSync(join(project, "README.md"), "# Fish\n");
  const providers = { here: { kind: "openai-compatible", baseURL: server.baseURL } };
  writeFileSync(join(project, "orch.config.json"), JSON.stringify({ providers }));
  const file = join(home, "walk.json");
  const app = new App(checkout, project, home, { checkout, file, ...(marker !== undefined && { marker }) });
  try {
    await app.until("for commands");
    await wait(300);
    app.signal();
    await taken(file);
    app.type("which fish?\r");
    await app.until(LAST);
    await app.until("/ commands", LAST);
    await wait(300);
    app.signal();
    return await taken(file);
  } finally {
    app.kill();
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Reads the file as soon as it is there, and removes it. */
async function taken(file: string): Promise<unknown> {
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 400) throw new Error(`The program wrote no ${file}.`);
    await wait(25);
  }
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return value;
}

/** The program on a pseudo-terminal. */
class App {
  readonly #pty: import("@lydell/node-pty").IPty;
  #written = "";

  constructor(checkout: string, cwd: string, home: string, options: PreloadOptions) {
    const chat = createRequire(join(checkout, "apps/chat/package.json"));
    const { spawn } = chat("@lydell/node-pty") as typeof import("@lydell/node-pty");
    const preload = fileURLToPath(new URL("preload.ts", import.meta.url));
    const program = join(checkout, "apps/chat/src/cli.ts");
    const flags = ["--conditions=@orch/source", "--no-warnings", "--import", preload, program];
    const args = [...flags, "--trust", "--orc", "chat", "--model", "here/mock"];
    const { CI: _, NODE_OPTIONS: __, ...env } = process.env;
    this.#pty = spawn(process.execPath, args, {
      name: "xterm-256color",
      cols: 100,
      rows: 30,
      cwd,
      env: { ...env, HOME: home, LANG: "C.UTF-8", ORCH_WALK: JSON.stringify(options) },
    });
    this.#pty.onData((data) => {
      this.#written += data;
    });
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  signal(): void {
    process.kill(this.#pty.pid, "SIGUSR2");
  }

  kill(): void {
    this.#pty.kill("SIGKILL");
  }

  /** Waits for a text, behind the first place of another one. */
  async until(text: string, behind = ""): Promise<void> {
    for (let tries = 0; !this.#written.includes(text, this.#written.indexOf(behind)); tries++) {
      if (tries > 800) throw new Error(`"${text}" did not appear in:\n${this.#written}`);
      await wait(25);
    }
  }
}
